// Showing an answer: with Yasr as table, text and map; without it as a table or as text.

import { createMapPlugin } from "./map.js";

export const MOST_ROWS_SHOWN = 5000;
const LARGEST_TABLE_OF_TRIPLES = 500_000;

/** What an answer holds: `kind` is solutions, boolean or graph; `rows` how many solutions there are. */
export function contentOf(answer) {
  if (!answer.contentType.includes("json")) return { kind: "graph" };
  const parsed = JSON.parse(answer.text);
  if ("boolean" in parsed) return { kind: "boolean", parsed };
  return { kind: "solutions", parsed, rows: parsed.results.bindings.length };
}

/** A place where answers are shown; `show` takes an answer and its content, `clear` empties the place. */
export function createResults(place, prefixes) {
  return window.Yasgui ? rich(place, prefixes) : { show: (answer, content) => showPlain(place, answer, content), clear: () => place.replaceChildren() };
}

function rich(place, prefixes) {
  const { Yasr } = window.Yasgui;
  Yasr.registerPlugin("map", createMapPlugin());
  Yasr.defaults.pluginOrder = ["table", "response", "map"];
  let yasr = null;
  const clear = () => {
    yasr?.destroy();
    yasr = null;
    place.replaceChildren();
  };
  const show = (answer, content) => {
    const selected = yasr?.getSelectedPluginName();
    clear();
    yasr = new Yasr(place, { persistenceId: null, prefixes, plugins: { table: { dynamicConfig: { isEllipsed: false } } } });
    yasr.on("drawn", () => queueMicrotask(() => relabel(yasr)));
    if (selected && yasr.plugins[selected]) yasr.selectPlugin(selected);
    draw(yasr, answer, content);
  };
  return { show, clear };
}

function draw(yasr, answer, content) {
  const isLargeGraph = content.kind === "graph" && answer.text.length > LARGEST_TABLE_OF_TRIPLES;
  const contentType = isLargeGraph ? "text/plain" : answer.contentType;
  yasr.setResponse({ data: answer.text || "\n", contentType, status: 200 });
  if (content.parsed) {
    // Yasr would replace {{name}} in literals by the value of that column; what is shown is what was answered.
    yasr.results.json = { ...content.parsed };
    if (content.rows > MOST_ROWS_SHOWN) {
      yasr.results.json.results = { bindings: content.parsed.results.bindings.slice(0, MOST_ROWS_SHOWN) };
    }
  }
}

function relabel(yasr) {
  const root = yasr.rootEl;
  const names = { table: "Table", response: "Raw", map: "Map" };
  for (const [plugin, name] of Object.entries(names)) {
    const button = root.querySelector(`.select_${plugin}`);
    if (!button) continue;
    button.querySelector("span").textContent = name;
    button.title = name;
    button.removeAttribute("aria-label");
    button.setAttribute("aria-pressed", String(button.classList.contains("selected")));
    button.closest("li").hidden = !yasr.plugins[plugin].canHandleResults();
  }
  root.querySelector(".tableSizer")?.setAttribute("aria-label", "Rows on a page");
  const switches = root.querySelectorAll(".tableControls .switch .label");
  if (switches[0]) switches[0].textContent = "Values only";
  if (switches[1]) switches[1].textContent = "Shorten long values";
  const numbers = root.querySelector("table.dataTable thead th");
  if (numbers && !numbers.textContent.trim()) numbers.textContent = "#";
  root.querySelector(".CodeMirror textarea")?.setAttribute("aria-label", "Answer as it was sent");
  root.querySelector(".CodeMirror-scroll")?.setAttribute("tabindex", "0");
  const scroller = root.querySelector(".yasr_results");
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "region");
  scroller.setAttribute("aria-label", "Result");
}

function showPlain(place, answer, content) {
  place.replaceChildren(content.kind === "solutions" ? table(content.parsed) : text(content.kind === "boolean" ? (content.parsed.boolean ? "True" : "False") : answer.text));
}

function text(content) {
  const block = document.createElement("pre");
  block.append(Object.assign(document.createElement("code"), { textContent: content }));
  return scrolling(block);
}

function table({ head, results }) {
  const made = document.createElement("table");
  const top = made.createTHead().insertRow();
  for (const name of head.vars) top.append(Object.assign(document.createElement("th"), { textContent: name, scope: "col" }));
  const body = made.createTBody();
  for (const binding of results.bindings.slice(0, MOST_ROWS_SHOWN)) {
    const row = body.insertRow();
    for (const name of head.vars) row.insertCell().textContent = binding[name]?.value ?? "";
  }
  return scrolling(made);
}

function scrolling(content) {
  const box = Object.assign(document.createElement("div"), { className: "scroll", tabIndex: 0 });
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", "Result");
  box.append(content);
  return box;
}
