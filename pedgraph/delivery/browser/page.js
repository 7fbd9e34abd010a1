// The query page: brings together the form, the editor, the examples and the answers.

import { Problem, address, ask, askWhyEmpty } from "./answer.js";
import { createEditor } from "./editor.js";
import { MOST_ROWS_SHOWN, contentOf, createResults } from "./results.js";

const root = document.body.dataset.root;
const endpoint = `${root}sparql`;
const KEPT = "pedgraph-query";

const at = (id) => document.getElementById(id);
const say = (words, isShownElsewhere = false) => {
  at("status").textContent = words;
  at("status").classList.toggle("unseen", isShownElsewhere);
};

const editor = createEditor(at("query"), { root, run, changed: textChanged, announce: say });
const results = createResults(at("results"), JSON.parse(at("prefixes").textContent));
let running = null;

function start() {
  document.body.classList.add("scripted");
  at("permalink").hidden = false;
  if (!fromAddress()) restore();
  textChanged();
  at("query-form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (running) running.abort();
    else run();
  });
  at("version").addEventListener("input", textChanged);
  window.addEventListener("hashchange", fromAddress);
  window.addEventListener("pagehide", keep);
  for (const link of document.querySelectorAll("a.example")) link.addEventListener("click", takeExample);
  at("example-search").addEventListener("input", filterExamples);
  if (window.matchMedia("(max-width: 60rem)").matches) at("examples").open = false;
}

// The query in the address, so that links to queries work; the part after # is not sent to any server.

function fragment() {
  const version = at("version").value.trim();
  return `#${new URLSearchParams([["query", editor.getText()], ...(version ? [["version", version]] : [])])}`;
}

function fromAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  if (!given.get("query")) return false;
  at("version").value = given.get("version") || "";
  if (given.get("query") !== editor.getText()) editor.setText(given.get("query"));
  return true;
}

function textChanged() {
  at("permalink").href = fragment();
}

function keep() {
  try {
    localStorage.setItem(KEPT, editor.getText());
  } catch {
    // A browser may keep nothing; the query is then gone with the page.
  }
}

function restore() {
  try {
    const kept = localStorage.getItem(KEPT);
    if (kept?.trim()) editor.setText(kept);
  } catch {
    // As above.
  }
}

// Examples

function takeExample(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const link = event.currentTarget;
  history.pushState(null, "", link.getAttribute("href"));
  fromAddress();
  for (const each of document.querySelectorAll("a.example[aria-current]")) each.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  say(`The example “${link.textContent}” is in the editor.`);
  const isNarrow = window.matchMedia("(max-width: 60rem)").matches;
  if (isNarrow) at("examples").open = false;
  if (isNarrow) at("query-form").scrollIntoView();
}

function filterExamples() {
  const words = at("example-search").value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const topic of document.querySelectorAll(".topic")) {
    let foundHere = 0;
    for (const item of topic.querySelectorAll("li")) {
      const text = `${topic.querySelector("h3").textContent} ${item.textContent}`.toLowerCase();
      item.hidden = !words.every((word) => text.includes(word));
      foundHere += item.hidden ? 0 : 1;
    }
    topic.hidden = foundHere === 0;
    found += foundHere;
  }
  at("no-example").hidden = found > 0;
}

// Running

async function run() {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  const query = editor.getText();
  const version = at("version").value.trim();
  clear();
  history.replaceState(null, "", fragment());
  const started = performance.now();
  const tick = setInterval(() => say(`Running for ${Math.round((performance.now() - started) / 1000)} s …`), 1000);
  setRunning(true);
  say("Running …");
  try {
    show(await ask(endpoint, query, { version, signal: mine.signal }), query, version);
  } catch (error) {
    if (running === mine) fail(error);
  } finally {
    clearInterval(tick);
    if (running === mine) {
      running = null;
      setRunning(false);
    }
  }
}

function setRunning(isRunning) {
  at("run").textContent = isRunning ? "Stop" : "Run";
  at("run").classList.toggle("busy", isRunning);
}

function clear() {
  at("problem").hidden = true;
  at("answer").hidden = true;
  at("empty").hidden = true;
  editor.mark(0);
  results.clear();
}

function fail(error) {
  if (error.name === "AbortError") {
    say("Stopped.");
    return;
  }
  say("");
  const members = error instanceof Problem ? error.members : { title: "The answer cannot be shown", detail: String(error.message) };
  const title = Object.assign(document.createElement("h2"), { textContent: members.title });
  const detail = Object.assign(document.createElement("p"), { textContent: members.detail || "" });
  at("problem").replaceChildren(title, detail);
  if (members.line) {
    at("problem").append(goTo(members.line));
    editor.mark(members.line);
  }
  at("problem").hidden = false;
}

function goTo(line) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: `Go to line ${line}` });
  button.addEventListener("click", () => editor.goTo(line));
  return button;
}

// Showing

function show(answer, query, version) {
  at("answer").hidden = false;
  const time = answer.seconds < 10 ? answer.seconds.toFixed(2) : answer.seconds.toFixed(0);
  const facts = [answer.version && `version ${answer.version} of the graph`, `${time} s`];
  if (answer.isComplete) {
    const content = contentOf(answer);
    facts.unshift(countOf(content));
    if (content.rows === 0) offerReasons(query, version);
    else results.show(answer, content);
    linkDownloads(query, answer.version || version, content.kind === "graph");
  } else {
    facts.unshift("The answer is too large for this page, so nothing of it is shown; download it instead");
    linkDownloads(query, answer.version || version, !answer.contentType.includes("json"));
  }
  at("facts").textContent = `${facts.filter(Boolean).join(" · ")}`;
  say(`Answered: ${facts[0]}.`, true);
}

function countOf(content) {
  if (content.kind !== "solutions") return content.kind === "boolean" ? "Yes or no" : "A graph";
  const rows = `${content.rows.toLocaleString("en")} ${content.rows === 1 ? "row" : "rows"}`;
  if (content.rows <= MOST_ROWS_SHOWN) return rows;
  return `${rows}, of which the first ${MOST_ROWS_SHOWN.toLocaleString("en")} are in the table; download has all`;
}

function linkDownloads(query, version, isGraph) {
  at("downloads-solutions").hidden = isGraph;
  at("downloads-graph").hidden = !isGraph;
  at("downloads-note").textContent = version ? `These links keep to version ${version}.` : "";
  for (const link of document.querySelectorAll("#downloads a")) {
    const found = address(endpoint, query, { format: link.dataset.format, version });
    link.href = found || "#downloads";
    link.onclick = found ? null : (event) => post(event, { query, format: link.dataset.format, version });
  }
}

/** Downloads the answer to a query that is too long for an address. */
function post(event, parameters) {
  event.preventDefault();
  const form = Object.assign(document.createElement("form"), { method: "post", action: endpoint, target: "_blank", hidden: true });
  for (const [name, value] of Object.entries(parameters)) {
    if (value) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(form);
  form.submit();
  form.remove();
}

function offerReasons(query, version) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Why is it empty?" });
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      showReasons(await askWhyEmpty(endpoint, query, { version }));
    } catch (error) {
      const words = error instanceof Problem ? `${error.members.title}: ${error.members.detail || ""}` : String(error.message);
      at("empty").append(Object.assign(document.createElement("p"), { textContent: words }));
    }
    button.remove();
  });
  at("empty").replaceChildren(Object.assign(document.createElement("p"), { textContent: "No row fits this query." }), button);
  at("empty").hidden = false;
}

function showReasons({ findings, note }) {
  const words = [!findings.length && "Nothing unusual was found in the query.", note].filter(Boolean).join(" ");
  if (words) at("empty").append(Object.assign(document.createElement("p"), { textContent: words }));
  const list = document.createElement("ul");
  for (const finding of findings) {
    const item = Object.assign(document.createElement("li"), { textContent: finding.message });
    if (finding.where) item.append(" ", goTo(finding.where.line));
    if (finding.suggestions?.length) {
      item.append(Object.assign(document.createElement("p"), { className: "note", textContent: `Meant, perhaps: ${finding.suggestions.join(", ")}` }));
    }
    list.append(item);
  }
  at("empty").append(list);
}

start();
