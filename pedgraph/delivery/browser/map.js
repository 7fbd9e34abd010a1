// The map of an answer: places from columns with WKT or with latitude and longitude, over outlines of countries.

import { fit, outlineMap, script } from "./outlines.js";

const WKT = /^\s*(?:<([^>]*)>\s*)?((?:MULTI)?(?:POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION)\b/i;
const WKT_TYPE = "http://www.opengis.net/ont/geosparql#wktLiteral";
const LONGITUDE_FIRST = /^(|.*\/CRS84)$/i;
const LATITUDE_FIRST = /\/EPSG\/.*\/4326$/i;
const LATITUDE = /^(.*?)(lat|latitude)$/i;
const LONGITUDE = /^(.*?)(lon|lng|long|longitude)$/i;

/** The plugin for Yasr. What it needs is loaded when the map is first shown. */
export function createMapPlugin() {
  return class {
    priority = 1;
    label = "Map";

    constructor(yasr) {
      this.yasr = yasr;
    }

    canHandleResults() {
      const results = this.yasr.results;
      return Boolean(results?.getBindings()?.length) && hasPlaces(results.getVariables(), results.getBindings());
    }

    getIcon() {
      return null;
    }

    async draw() {
      const place = document.createElement("div");
      place.className = "map";
      this.yasr.resultsEl.append(place);
      const { places, unreadable } = await read(this.yasr.results);
      if (!place.isConnected) return;
      this.map = await drawMap(place, places);
      this.yasr.resultsEl.append(note(places, unreadable));
    }

    destroy() {
      this.map?.remove();
      this.map = null;
    }
  };
}

function pairs(names) {
  return names.flatMap((latitude) => {
    const found = LATITUDE.exec(latitude);
    const longitude = found && names.find((name) => LONGITUDE.exec(name)?.[1] === found[1]);
    return longitude ? [[latitude, longitude]] : [];
  });
}

function isWkt(term) {
  return term?.type === "literal" && (term.datatype === WKT_TYPE || (!term.datatype && WKT.test(term.value)));
}

function hasPlaces(names, bindings) {
  if (pairs(names).some(([latitude]) => bindings.some((binding) => binding[latitude]))) return true;
  return bindings.some((binding) => names.some((name) => isWkt(binding[name])));
}

async function read(results) {
  await script("@terraformer/wkt/dist/t-wkt.umd.js");
  const names = results.getVariables();
  const places = [];
  let unreadable = 0;
  const add = (geometry, row) => {
    if (geometry) places.push({ type: "Feature", geometry, properties: { row } });
    else unreadable += 1;
  };
  for (const row of results.getBindings()) {
    for (const name of names) if (isWkt(row[name])) add(fromWkt(row[name].value), row);
    for (const [latitude, longitude] of pairs(names)) {
      if (row[latitude] && row[longitude]) add(point(row[longitude].value, row[latitude].value), row);
    }
  }
  return { places, unreadable };
}

function point(longitude, latitude) {
  const coordinates = [Number(longitude), Number(latitude)];
  const isOnEarth = Math.abs(coordinates[0]) <= 180 && Math.abs(coordinates[1]) <= 90;
  return isOnEarth ? { type: "Point", coordinates } : null;
}

/** A geometry of GeoSPARQL 1.1, section 8.5.1: without a reference system longitude comes first. */
function fromWkt(literal) {
  const system = WKT.exec(literal)?.[1] ?? "";
  const isSwapped = LATITUDE_FIRST.test(system);
  if (!isSwapped && !LONGITUDE_FIRST.test(system)) return null;
  try {
    const geometry = window.Terraformer.wktToGeoJSON(literal.replace(/^\s*<[^>]*>/, "").trim());
    return isSwapped ? swapped(geometry) : geometry;
  } catch {
    return null;
  }
}

function swapped(geometry) {
  if (geometry.geometries) return { ...geometry, geometries: geometry.geometries.map(swapped) };
  const turn = (value) => (typeof value[0] === "number" ? [value[1], value[0], ...value.slice(2)] : value.map(turn));
  return { ...geometry, coordinates: turn(geometry.coordinates) };
}

async function drawMap(place, places) {
  const label = "Map of the places in the answer; the table has the same rows as text";
  const { L, map } = await outlineMap(place, { label, count: places.length });
  const shown = L.geoJSON(places, {
    style: { className: "place" },
    pointToLayer: (_, position) => L.circleMarker(position, { radius: 7, className: "place" }),
    onEachFeature: (feature, layer) => layer.bindPopup(() => rowAsList(feature.properties.row), { maxWidth: 320 }),
  });
  shown.addTo(map);
  fit(map, shown);
  return map;
}

function rowAsList(row) {
  const list = document.createElement("dl");
  for (const [name, term] of Object.entries(row)) {
    if (isWkt(term)) continue;
    const value = document.createElement("dd");
    if (term.type === "uri" && /^https?:/.test(term.value)) {
      value.append(Object.assign(document.createElement("a"), { href: term.value, textContent: term.value, rel: "noopener noreferrer", target: "_blank" }));
    } else {
      value.textContent = term.value;
    }
    list.append(Object.assign(document.createElement("dt"), { textContent: name }), value);
  }
  return list;
}

function note(places, unreadable) {
  const lost = unreadable ? ` ${unreadable.toLocaleString("en")} could not be read as places on Earth and are missing here.` : "";
  const count = `${places.length.toLocaleString("en")} ${places.length === 1 ? "place" : "places"}.`;
  const credits = new Set(["Points of cities: GeoNames (geonames.org), CC BY 4.0."]);
  for (const { properties } of places) if (properties.row.credit) credits.add(properties.row.credit.value);
  const text = `${count}${lost} Outlines: Natural Earth. ${[...credits].join(" ")}`;
  return Object.assign(document.createElement("p"), { className: "note map-note", textContent: text });
}
