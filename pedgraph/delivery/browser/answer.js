// Asking the endpoint: one request, read with a limit, and every failure as a problem that people can read.

export const LARGEST_SHOWN_BYTES = 8 * 1024 * 1024;
const LONGEST_ADDRESS = 6000;
const ACCEPTED = "application/sparql-results+json, text/turtle;q=0.9";

/** What went wrong, in the members of RFC 9457: title, detail, and where it is known line and column. */
export class Problem extends Error {
  constructor(members) {
    super(members.detail || members.title);
    this.members = members;
  }
}

/** The address of an answer; null where it would be too long to be one. */
export function address(endpoint, query, parameters = {}) {
  const given = Object.entries(parameters).filter(([, value]) => value);
  const found = `${endpoint}?${new URLSearchParams([["query", query], ...given])}`;
  return found.length > LONGEST_ADDRESS ? null : found;
}

/** Sends a query as it stands. Gives text, content type, version and time; throws a Problem, or AbortError when stopped. */
export async function ask(endpoint, query, { version = "", signal } = {}) {
  const started = performance.now();
  const response = await send(endpoint, query, { version }, ACCEPTED, signal);
  const text = await read(response, signal);
  return {
    text,
    isComplete: text !== null,
    contentType: response.headers.get("content-type") || "",
    version: response.headers.get("pedgraph-version") || "",
    seconds: (performance.now() - started) / 1000,
  };
}

/** Asks why a query has no answer. Gives the findings and a note, which may be null; throws a Problem. */
export async function askWhyEmpty(endpoint, query, { version = "" } = {}) {
  const response = await send(endpoint, query, { version, explain: "empty" }, "application/json");
  const found = await response.json();
  if (!Array.isArray(found.findings)) {
    throw new Problem({ title: "No explanation", detail: "This server does not explain empty answers." });
  }
  return found;
}

async function send(endpoint, query, parameters, accept, signal) {
  const short = address(endpoint, query, parameters);
  const given = Object.entries(parameters).filter(([, value]) => value);
  const request = short
    ? [short, { headers: { Accept: accept }, signal }]
    : [endpoint, { method: "POST", headers: { Accept: accept }, signal, body: new URLSearchParams([["query", query], ...given]) }];
  let response;
  try {
    response = await fetch(...request);
  } catch (error) {
    throw brokenOff(error, "The server did not answer. It may be stopped, or the way to it is interrupted.");
  }
  if (!response.ok) throw new Problem(await problemIn(response));
  return response;
}

async function problemIn(response) {
  const unreadable = { title: `The server answered with status ${response.status}`, detail: "It gave no reason.", status: response.status };
  try {
    const members = await response.json();
    return members.title ? members : unreadable;
  } catch {
    return unreadable;
  }
}

/** The text of an answer; null where it is larger than what a page can show. */
async function read(response, signal) {
  const reader = response.body.getReader();
  const parts = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return new TextDecoder().decode(await new Blob(parts).arrayBuffer());
      parts.push(value);
      size += value.length;
      if (size > LARGEST_SHOWN_BYTES && !signal?.aborted) {
        await reader.cancel();
        return null;
      }
    }
  } catch (error) {
    throw brokenOff(error, "The answer broke off before its end, so it is not shown. A limit of the server may have ended it.");
  }
}

function brokenOff(error, detail) {
  return error.name === "AbortError" ? error : new Problem({ title: "The answer did not arrive", detail });
}
