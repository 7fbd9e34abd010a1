// Uploads with a progress bar, and files that are dropped. Without this script the same forms send the same things.

const HUNDRED = 100;
const KIBI = 1024;

enhance(document);

function enhance(part) {
  part.querySelectorAll("[data-drop]").forEach(takeDrops);
  for (const form of part.querySelectorAll("form[data-upload]")) {
    form.addEventListener("submit", (event) => {
      // What comes as a file goes the browser's own way.
      if (event.submitter && "plain" in event.submitter.dataset) return;
      event.preventDefault();
      send(form);
    });
  }
}

function takeDrops(drop) {
  const input = drop.querySelector("input[type=file]");
  const chosen = drop.querySelector(".chosen");
  const tell = () => {
    const file = input.files[0];
    chosen.textContent = file ? `${file.name}, ${sizeOf(file.size)}` : "";
  };
  input.addEventListener("change", tell);
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) {
    drop.addEventListener(kind, () => drop.classList.remove("over"));
  }
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      tell();
    }
  });
}

function send(form) {
  const request = new XMLHttpRequest();
  const area = form.querySelector(".sending");
  const bar = area.querySelector("progress");
  const words = area.querySelector(".percent");
  const button = form.querySelector("button");
  const body = new FormData(form);
  area.hidden = false;
  button.disabled = true;
  bar.value = 0;
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) {
      bar.value = (HUNDRED * event.loaded) / event.total;
      words.textContent = `${Math.round(bar.value)} %`;
    }
  });
  request.upload.addEventListener("load", () => {
    // From here on nobody knows how long it takes.
    bar.removeAttribute("value");
    words.textContent = "It is being checked …";
  });
  request.addEventListener("load", () => show(request, form));
  request.addEventListener("error", () => {
    area.hidden = true;
    button.disabled = false;
    words.textContent = "";
    complain(form, "The connection ended before the file had been sent. Try once more.");
  });
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "text/html");
  request.send(body);
}

// What the server answers is a page: it takes the place of this one.
function show(request, form) {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const main = page.querySelector("main");
  if (!main) {
    complain(form, request.responseText || `The server answered with ${request.status}.`);
    form.querySelector(".sending").hidden = true;
    form.querySelector("button").disabled = false;
    return;
  }
  if (new URL(request.responseURL).pathname !== new URL(form.action).pathname) {
    location.assign(request.responseURL);
    return;
  }
  document.title = page.title;
  document.querySelector("main").replaceWith(main);
  main.focus();
  window.scrollTo(0, 0);
  enhance(main);
}

function complain(form, text) {
  let place = form.querySelector(".problem");
  if (!place) {
    place = document.createElement("div");
    place.className = "problem";
    place.setAttribute("role", "alert");
    form.prepend(place);
  }
  place.textContent = text;
}

function sizeOf(bytes) {
  const units = ["bytes", "KiB", "MiB", "GiB"];
  let index = 0;
  let size = bytes;
  while (size >= KIBI && index < units.length - 1) {
    size /= KIBI;
    index += 1;
  }
  return `${index ? size.toFixed(1) : size} ${units[index]}`;
}
