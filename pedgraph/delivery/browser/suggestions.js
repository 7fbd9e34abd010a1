// Names that fit what is typed into a search box, as a list to choose from (combobox of the ARIA Authoring Practices).
// Without this script the box sends its form as it is.

const WAIT_MILLISECONDS = 120;
const GAP_PIXELS = 4;
const MARGIN_PIXELS = 8;
const LEAST_WIDTH_PIXELS = 288;

const boxes = document.querySelectorAll("input[data-suggestions]");
if (boxes.length) {
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = new URL("suggestions.css", import.meta.url).href;
  document.head.append(style);
  boxes.forEach((box, number) => new Suggestions(box, `suggestions-${number + 1}`).start());
}

function Suggestions(box, id) {
  const address = new URL(box.dataset.suggestions, document.baseURI);
  const list = element("ul", { id, role: "listbox", class: "suggestions", popover: "manual" });
  list.setAttribute("aria-label", "Things with such names");
  const told = element("span", { role: "status", class: "suggestions-told" });
  let chosen = -1;
  let waiting = 0;
  let asking = null;

  this.start = () => {
    for (const [name, value] of Object.entries({
      role: "combobox",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": id,
    })) {
      box.setAttribute(name, value);
    }
    box.after(list, told);
    box.addEventListener("input", later);
    box.addEventListener("keydown", press);
    box.addEventListener("blur", close);
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => open(event.target.closest("[role=option]")));
    for (const kind of ["resize", "scroll"]) {
      window.addEventListener(kind, () => isOpen() && place(), { passive: true });
    }
  };

  function later() {
    clearTimeout(waiting);
    waiting = setTimeout(ask, WAIT_MILLISECONDS);
  }

  async function ask() {
    asking?.abort();
    const typed = box.value.trim();
    if (!typed) {
      close();
      return;
    }
    asking = new AbortController();
    address.searchParams.set("q", typed);
    try {
      const response = await fetch(address, { signal: asking.signal, headers: { Accept: "application/json" } });
      const found = response.ok ? await response.json() : { suggestions: [] };
      if (typed === box.value.trim() && document.activeElement === box) show(found.suggestions, response.url);
    } catch {
      // Whoever types on asks anew, and without an answer the form still works.
    }
  }

  function show(suggestions, base) {
    chosen = -1;
    box.removeAttribute("aria-activedescendant");
    list.replaceChildren(...suggestions.map((each, number) => option(each, number, base)));
    told.textContent = suggestions.length ? `${suggestions.length} suggestions` : "No suggestions";
    if (!suggestions.length) {
      hide();
      return;
    }
    if (!isOpen()) list.showPopover();
    place();
    box.setAttribute("aria-expanded", "true");
  }

  function option(suggestion, number, base) {
    const line = element("li", { id: `${id}-${number + 1}`, role: "option", "aria-selected": "false" });
    line.dataset.address = new URL(suggestion.href, base).href;
    const name = element("span", { class: "name" });
    if (suggestion.language) name.lang = suggestion.language;
    name.textContent = suggestion.name;
    const about = element("span", { class: "about" });
    about.textContent = suggestion.otherName ? `${suggestion.otherName} · ${suggestion.about}` : suggestion.about;
    line.append(name, " ", about);
    return line;
  }

  function place() {
    const around = box.getBoundingClientRect();
    const room = document.documentElement.clientWidth - 2 * MARGIN_PIXELS;
    const width = Math.min(Math.max(around.width, LEAST_WIDTH_PIXELS), room);
    const left = Math.max(MARGIN_PIXELS, Math.min(around.left, MARGIN_PIXELS + room - width));
    list.style.setProperty("left", `${left}px`);
    list.style.setProperty("top", `${around.bottom + GAP_PIXELS}px`);
    list.style.setProperty("width", `${width}px`);
  }

  function press(event) {
    if (event.isComposing) return;
    const last = list.children.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen()) later();
      else if (event.key === "ArrowDown") choose(chosen === last ? -1 : chosen + 1);
      else choose(chosen === -1 ? last : chosen - 1);
    } else if (event.key === "Enter" && isOpen() && chosen >= 0) {
      event.preventDefault();
      open(list.children[chosen]);
    } else if (event.key === "Escape" && isOpen()) {
      event.preventDefault();
      close();
    }
  }

  function choose(number) {
    list.children[chosen]?.setAttribute("aria-selected", "false");
    chosen = number;
    const line = list.children[chosen];
    if (line) {
      line.setAttribute("aria-selected", "true");
      line.scrollIntoView({ block: "nearest" });
      box.setAttribute("aria-activedescendant", line.id);
    } else {
      box.removeAttribute("aria-activedescendant");
    }
  }

  function open(line) {
    if (line) window.location.assign(line.dataset.address);
  }

  function close() {
    clearTimeout(waiting);
    asking?.abort();
    told.textContent = "";
    hide();
  }

  function hide() {
    if (isOpen()) list.hidePopover();
    choose(-1);
    box.setAttribute("aria-expanded", "false");
  }

  function isOpen() {
    return list.matches(":popover-open");
  }
}

function element(name, attributes) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
