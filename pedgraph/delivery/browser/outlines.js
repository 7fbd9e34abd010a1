// Maps without tiles: Leaflet over outlines of countries, all from this server. What is needed is loaded once.

const ASSETS = new URL(".", import.meta.url).href;
const MANY_PLACES = 500;
const EUROPE = [[35, -11], [70, 32]];
const NEAR = [[27, -32], [72, 46]];
const NEARLY_ALL = 0.9;

/** A map in an element, with the countries drawn; gives Leaflet and the map. `label` is for those who do not see it. */
export async function outlineMap(place, { label, count = 0 }) {
  stylesheet("leaflet/dist/leaflet.css");
  const outlines = fetch(`${ASSETS}world-atlas/countries-50m.json`).then((response) => response.json());
  await script("leaflet/dist/leaflet.js");
  await script("topojson-client/dist/topojson-client.min.js");
  const { L, topojson } = window;
  const countries = whole(topojson.feature(await outlines, "countries"));
  place.setAttribute("role", "region");
  place.setAttribute("aria-label", label);
  const map = L.map(place, { attributionControl: false, preferCanvas: count > MANY_PLACES, worldCopyJump: true, zoomSnap: 0.25, scrollWheelZoom: false });
  L.control.scale({ imperial: false }).addTo(map);
  map.fitBounds(EUROPE, { animate: false });
  // A finger that scrolls the page must not be caught by a map that shows everything already.
  if (L.Browser.mobile) {
    const widest = map.getZoom();
    map.dragging.disable();
    map.on("zoomend", () => (map.getZoom() > widest + 0.5 ? map.dragging.enable() : map.dragging.disable()));
  }
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
  L.geoJSON(countries, { interactive: false, style: { className: "country" } }).addTo(map);
  return { L, map };
}

/** Shows all of a layer, not nearer than a zoom at which one still sees where one is. A few places far from Europe do not
 * make all others small: whoever wants them moves the map. */
export function fit(map, layer, maxZoom = 8) {
  const { L } = window;
  const bounds = layer.getLayers().map((each) => (each.getBounds ? each.getBounds() : L.latLngBounds([each.getLatLng()])));
  const near = bounds.filter((each) => each.isValid() && L.latLngBounds(NEAR).contains(each));
  const shown = near.length >= NEARLY_ALL * bounds.length ? near : bounds;
  const whole = shown.reduce((sum, each) => sum.extend(each), L.latLngBounds([]));
  if (whole.isValid()) map.fitBounds(whole, { padding: [30, 30], maxZoom, animate: false });
}

/** Outlines that go on beyond 180 degrees, where they would else run back round the whole map. */
function whole(countries) {
  for (const { geometry } of countries.features) {
    if (!geometry) continue;
    const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    for (const ring of polygons.flat()) {
      let turns = 0;
      let before = ring[0][0];
      for (const position of ring) {
        if (position[0] - before > 180) turns -= 360;
        else if (before - position[0] > 180) turns += 360;
        before = position[0];
        position[0] += turns;
      }
    }
  }
  return countries;
}

const loading = new Map();

/** Loads a script of others, once. */
export function script(name) {
  if (!loading.has(name)) {
    loading.set(name, new Promise((resolve, reject) => {
      const element = Object.assign(document.createElement("script"), { src: ASSETS + name, onload: resolve, onerror: reject });
      document.head.append(element);
    }));
  }
  return loading.get(name);
}

function stylesheet(name) {
  const href = ASSETS + name;
  if (document.querySelector(`link[href="${href}"]`)) return;
  document.head.prepend(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
}
