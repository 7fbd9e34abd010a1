// Draws the map of a page: GeoJSON from the address in `data-geojson`, or from a script element with JSON inside the map.
// A feature is named by `label` or `name` among its properties, and leads to `address`, or to where its IRI is served.

import { fit, outlineMap } from "./outlines.js";

const IRIS = "https://w3id.org/pedgraph/";
const RADIUS = { city: 4, default: 6 };

/** Draws one map; where that fails, the element keeps what it held. */
export async function draw(place) {
  const held = [...place.childNodes];
  try {
    const features = (await read(place)).filter((each) => each.geometry);
    if (!features.length) return;
    place.replaceChildren();
    place.classList.add("drawn");
    const { L, map } = await outlineMap(place, { label: place.dataset.label || "Map; the same places are on the page as text", count: features.length });
    const layer = L.geoJSON(features, {
      style: (feature) => ({ className: `place ${kindOf(feature)}` }),
      pointToLayer: (feature, position) => L.circleMarker(position, { radius: RADIUS[kindOf(feature)] ?? RADIUS.default, className: `place ${kindOf(feature)}` }),
      onEachFeature: (feature, shape) => {
        shape.bindPopup(() => words(feature, place.dataset), { maxWidth: 280 });
        // An element, as text would be read as HTML.
        shape.bindTooltip(Object.assign(document.createElement("span"), { textContent: nameOf(feature) }), { direction: "top", className: "place-name" });
      },
    });
    layer.addTo(map);
    if (place.dataset.fit !== "europe") fit(map, layer, Number(place.dataset.zoom ?? 8));
  } catch (error) {
    place.classList.remove("drawn");
    place.replaceChildren(...held);
    throw error;
  }
}

async function read(place) {
  const inside = place.querySelector("script[type='application/json'], script[type='application/geo+json']");
  const given = inside ? JSON.parse(inside.textContent) : await loaded(place.dataset.geojson);
  return given.features ?? [given.type === "Feature" ? given : { type: "Feature", geometry: given, properties: {} }];
}

async function loaded(address) {
  const answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
  if (!answer.ok) throw new Error(`${address} answers ${answer.status}`);
  return answer.json();
}

function kindOf(feature) {
  const kind = String(feature.properties?.kind ?? "").toLowerCase();
  return /^[a-z-]+$/.test(kind) ? kind : "other";
}

function nameOf(feature) {
  const { label, name, title } = feature.properties ?? {};
  return [label, name, title, feature.id].find((each) => typeof each === "string" && each) ?? "Unnamed";
}

function words(feature, { root = "", version }) {
  const list = document.createElement("div");
  const address = feature.properties?.address ?? localAddress(feature.id ?? feature.properties?.id, root);
  const name = Object.assign(document.createElement(address ? "a" : "strong"), { textContent: nameOf(feature) });
  if (address) name.href = of(version, address);
  list.append(name);
  if (feature.properties?.note) list.append(Object.assign(document.createElement("p"), { textContent: feature.properties.note }));
  if (feature.properties?.holds) list.append(listed(feature.properties.holds, version));
  return list;
}

function listed(holds, version) {
  const list = document.createElement("ul");
  for (const { label, address } of holds) {
    const line = document.createElement("li");
    line.append(Object.assign(document.createElement("a"), { href: of(version, address), textContent: label }));
    list.append(line);
  }
  return list;
}

/** An address in the version that the page is on, if it is on one that was asked for. */
function of(version, address) {
  return version ? `${address}?version=${version}` : address;
}

function localAddress(iri, root) {
  return typeof iri === "string" && iri.startsWith(IRIS) ? root + iri.slice(IRIS.length) : null;
}
