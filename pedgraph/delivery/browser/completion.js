// Suggestions for the editor: prefixes and terms of this server, found by name or by the words of their label.

const MOST_SUGGESTIONS = 60;
const SAFE_LOCAL_NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const DECLARATION = /\b(PREFIX\s+\S*\s*\S*|BASE\s+\S*)$/i;
const TYPE = /^(a|rdf:type)$/;

/** Makes the completers known to Yasqe. Gives their names, and `askedFor`, within which a suggestion needs no beginning. */
export function registerCompleters(Yasqe, address) {
  const loaded = load(address);
  const state = { asked: false, typed: false };
  Yasqe.forkAutocompleter("prefixes", {
    name: "known-prefixes",
    persistenceId: null,
    get: async () => Object.entries((await loaded).prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`),
  }, false);
  Yasqe.registerAutocompleter(termCompleter(loaded, state), false);
  return {
    names: ["known-prefixes", "known-terms"],
    askedFor: (complete) => {
      state.asked = true;
      complete();
      state.asked = false;
    },
  };
}

async function load(address) {
  try {
    const response = await fetch(address);
    if (response.ok) return await response.json();
  } catch {
    // Without suggestions the editor still works.
  }
  return { prefixes: {}, terms: [] };
}

function termCompleter(loaded, state) {
  const found = new Map();
  return {
    name: "known-terms",
    bulk: false,
    autoShow: true,
    persistenceId: null,
    onInitialize: (yasqe) => {
      // Suggestions come while somebody writes, not when the cursor passes by.
      yasqe.on("change", (_, change) => { state.typed = change.origin === "+input"; });
    },
    isValidCompletionPosition: (yasqe) => {
      const isTyping = state.typed;
      state.typed = false;
      return (isTyping || state.asked) && isPlaceForTerm(yasqe, state.asked);
    },
    get: async (yasqe, token) => {
      const { prefixes, terms } = await loaded;
      const namespaces = { ...prefixes, ...yasqe.getPrefixesFromQuery() };
      const wanted = (token?.string || "").trim();
      const chosen = matching(terms, wanted, namespaces, kindsAt(yasqe, token));
      found.clear();
      for (const term of chosen) found.set(term.iri, { ...term, namespaces });
      return chosen.map((term) => term.iri);
    },
    postprocessHints: (yasqe, hints) => hints.map((hint) => dressed(yasqe, hint, found.get(hint.text))),
  };
}

function isPlaceForTerm(yasqe, asked) {
  const token = yasqe.getCompleteToken();
  const text = token.string.trim();
  if (["comment", "string", "variable"].includes(token.type) || /^[?$"'#]/.test(text)) return false;
  const cursor = yasqe.getCursor();
  if (DECLARATION.test(yasqe.getLine(cursor.line).slice(0, cursor.ch))) return false;
  return asked || /^<.+/.test(text) || /^[A-Za-z][\w-]*:/.test(text);
}

/** The kinds of term that fit best here, the best first. */
function kindsAt(yasqe, token) {
  if (!token) return [];
  const before = yasqe.getPreviousNonWsToken(yasqe.getCursor().line, token);
  if (TYPE.test(before?.string || "")) return ["class"];
  if (token.state?.possibleCurrent?.includes("a")) return ["property"];
  return TYPE.test(before?.state?.lastProperty || "") ? ["class"] : ["code", "class"];
}

function matching(terms, wanted, namespaces, kinds) {
  const ranked = [];
  for (const term of terms) {
    const quality = rank(term, wanted, namespaces);
    if (quality < 3) ranked.push([kinds.includes(term.kind) ? 0 : 1, quality, term]);
  }
  ranked.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  return ranked.slice(0, MOST_SUGGESTIONS).map(([, , term]) => term);
}

/** 0 where the IRI begins like this, 1 where its last part has it, 2 where the label has it, 3 for nothing of these. */
function rank(term, wanted, namespaces) {
  if (!wanted) return 0;
  if (wanted.startsWith("<")) return term.iri.startsWith(wanted.slice(1).replace(/>$/, "")) ? 0 : 3;
  const [prefix, ...rest] = wanted.split(":");
  const namespace = rest.length ? namespaces[prefix] : "";
  if (rest.length && (namespace === undefined || !term.iri.startsWith(namespace))) return 3;
  const word = (rest.length ? rest.join(":") : prefix).toLowerCase();
  const name = rest.length ? term.iri.slice(namespace.length) : term.iri.split(/[#/]/).pop();
  if (name.toLowerCase().startsWith(word)) return 0;
  if (name.toLowerCase().includes(word)) return 1;
  return (term.label || "").toLowerCase().includes(word) ? 2 : 3;
}

function dressed(yasqe, hint, term) {
  if (!term) return hint;
  const { text, prefix, namespace } = written(term);
  const token = yasqe.getCompleteToken();
  const cursor = yasqe.getCursor();
  const isBlank = !token.string.trim();
  return {
    ...hint,
    text,
    from: isBlank ? cursor : { line: cursor.line, ch: token.start },
    to: isBlank ? cursor : { line: cursor.line, ch: token.end },
    render: (element) => element.append(...shown(text, term)),
    hint: (_, __, chosen) => {
      yasqe.replaceRange(text, chosen.from, chosen.to, "complete");
      if (prefix && !(prefix in yasqe.getPrefixesFromQuery())) yasqe.addPrefixes({ [prefix]: namespace });
    },
  };
}

/** How a term is written in a query: with its prefix where that is safe, else as an IRI. */
function written(term) {
  for (const [prefix, namespace] of Object.entries(term.namespaces)) {
    const local = term.iri.startsWith(namespace) ? term.iri.slice(namespace.length) : "";
    if (SAFE_LOCAL_NAME.test(local)) return { text: `${prefix}:${local}`, prefix, namespace };
  }
  return { text: `<${term.iri}>` };
}

function shown(text, term) {
  const name = document.createElement("b");
  name.textContent = text;
  const words = document.createElement("span");
  const uses = term.uses ? `, ${term.uses.toLocaleString("en")} ${term.uses === 1 ? "use" : "uses"}` : "";
  words.textContent = [term.label, `${term.kind}${uses}`].filter(Boolean).join(" · ");
  const parts = [name, words];
  if (term.definition) {
    const definition = document.createElement("small");
    definition.textContent = term.definition;
    parts.push(definition);
  }
  return parts;
}
