// What every page does where scripts run: maps are drawn, and search boxes suggest names. Nothing else waits for it.

const maps = document.querySelectorAll(".map");
if (maps.length) {
  import("./place-map.js").then(({ draw }) => maps.forEach((place) => draw(place)));
}

if (document.querySelector("input[data-suggestions]")) import("./suggestions.js");
