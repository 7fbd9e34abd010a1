// The editor: Yasqe where it is installed, else the plain text field. Neither changes a query unseen.

import { registerCompleters } from "./completion.js";

/**
 * Takes the place of a text field where it can. `run` is called by Ctrl+Enter, `changed` when the text changes, and
 * `announce` with words for whoever does not see that something was added.
 */
export function createEditor(field, { root, run, changed, announce }) {
  return window.Yasgui ? rich(field, { root, run, changed, announce }) : plain(field, { run, changed });
}

function plain(field, { run, changed }) {
  field.addEventListener("input", changed);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
  });
  return {
    getText: () => field.value,
    setText: (text) => {
      field.value = text;
      changed();
    },
    goTo: (line) => {
      const start = field.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
      field.focus();
      field.setSelectionRange(start, start + (field.value.split("\n")[line - 1] || "").length);
    },
    mark: () => {},
  };
}

function rich(field, { root, run, changed, announce }) {
  const { Yasqe } = window.Yasgui;
  const completers = registerCompleters(Yasqe, `${root}sparql/completion.json`);
  // Settings are merged, lists by place: what is left of the list of defaults would ask servers of others for terms.
  Yasqe.defaults.autocompleters = [];
  field.hidden = true;
  const yasqe = new Yasqe(field.parentElement, {
    value: field.value,
    autocompleters: ["variables", ...completers.names],
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: null,
    showQueryButton: false,
    editorHeight: null,
    viewportMargin: Infinity,
    extraKeys: {
      "Ctrl-Enter": run,
      "Cmd-Enter": run,
      "Ctrl-Space": () => completers.askedFor(() => yasqe.autocomplete()),
      "Ctrl-S": false,
      // The keyboard must get out of the editor again.
      Tab: false,
      "Shift-Tab": false,
    },
  });
  describe(yasqe);
  watch(yasqe, changed, announce);
  let marked = null;
  const unmark = () => {
    if (marked !== null) yasqe.removeLineClass(marked, "background", "marked-line");
    marked = null;
  };
  yasqe.on("change", unmark);
  return {
    getText: () => yasqe.getValue(),
    setText: (text) => yasqe.setValue(text),
    goTo: (line) => {
      yasqe.focus();
      yasqe.setCursor({ line: line - 1, ch: 0 });
    },
    mark: (line) => {
      unmark();
      if (line >= 1 && line <= yasqe.lineCount()) marked = yasqe.addLineClass(line - 1, "background", "marked-line");
    },
  };
}

function describe(yasqe) {
  const input = yasqe.getInputField();
  input.setAttribute("aria-labelledby", "query-label");
  input.setAttribute("aria-describedby", "keys");
  document.getElementById("query-label").addEventListener("click", () => yasqe.focus());
  document.getElementById("keys").hidden = false;
  yasqe.getWrapperElement().style.height = "";
}

function watch(yasqe, changed, announce) {
  yasqe.on("change", (_, change) => {
    changed();
    const added = change.text.filter((line) => /^\s*PREFIX\s/i.test(line));
    if (!change.origin && added.length) announce(`Added to the query: ${added.join(" ").trim()}`);
  });
}
