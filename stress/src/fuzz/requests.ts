/** Requests in bytes: honest ones, and mutated ones. */
import { rawRequest } from "../clients/raw-http.ts";
import type { Random } from "./random.ts";
import { PAGES } from "./steps.ts";
import { fields, text } from "./values.ts";

const latin = (text: string) => text.replace(/[^\x00-\xff]/g, "?");
/** Mostly without line breaks. */
const line = (random: Random) =>
  random.chance(0.9) ? latin(text(random)).replace(/[\r\n\0]/g, "") : latin(text(random));

const paths = [
  "/login",
  "/read",
  "/whoami",
  "/health",
  "/moved",
  "/admin/panel",
  "/late",
  "/nowhere",
  "/overwire/socket",
  "/overwire/client.js",
  "/overwire/client/x.js",
  "/overwire/",
];

function targetOf(random: Random): string {
  let target: string = random.pick(random.chance(0.6) ? PAGES : paths);
  if (random.chance(0.3))
    target += random.pick([
      "/",
      "//",
      "/..",
      "/%2e%2e/",
      "/%00",
      "/%ff",
      "\\",
      "/x/y/z",
      ";a=b",
      `/${line(random).replaceAll(" ", "")}`,
    ]);
  if (random.chance(0.4))
    target += `?${latin(fields(random))
      .replace(/[\s\0]/g, "+")
      .slice(0, 14_000)}`;
  if (random.chance(0.03))
    target = random.pick([
      "*",
      "//",
      "http://evil.example/",
      "/\\evil.example",
      "//evil.example",
      "evil.example:443",
    ]);
  return target;
}

export function request(random: Random): string {
  const target = targetOf(random);
  const method = random.pick([
    "GET",
    "GET",
    "GET",
    "POST",
    "POST",
    "HEAD",
    "OPTIONS",
    "PUT",
    "DELETE",
    "CONNECT",
    "TRACE",
  ]);
  const headers: [string, string][] = [];
  const add = (name: string, values: readonly string[], often = 0.3) => {
    if (random.chance(often)) headers.push([name, random.pick(values)]);
  };
  add("Accept", ["text/html", "*/*", "application/json", "text/html;q=0"]);
  add("Host", ["xn--", "a b", "[::1", "evil.example", "127.0.0.1:99999", "", "é"], 0.1);
  add("Cookie", [
    `ow_session=${line(random)}`,
    `ow_visitor=${line(random)}`,
    `ow_flash=${line(random)}`,
    "=;=;;;",
    `a=${"b".repeat(random.size(9000))}`,
    `__proto__=1; constructor=2; ow_session=%E0%A4%A; ow_session="x"`,
  ]);
  add("Origin", ["null", "http://evil.example", "http://127.0.0.1", "file://", "x"]);
  add("Sec-Fetch-Site", ["same-origin", "same-site", "cross-site", "none", "x"], 0.2);
  add("X-Forwarded-Proto", ["https", "https, http", "HTTPS", "javascript"], 0.1);
  add("X-Forwarded-Host", ["evil.example"], 0.1);
  add("X-Forwarded-For", ["1.2.3.4", "' or 1=1", ",,,"], 0.1);
  add("If-None-Match", ["*", `"x"`, 'W/"x'], 0.1);
  add("Range", ["bytes=0-", "bytes=-1", "bytes=9-1"], 0.05);
  add("Upgrade", ["websocket", "h2c", "x"], 0.05);
  add("Connection", ["upgrade", "close", "keep-alive, x"], 0.05);
  add(
    random.pick(["X-Any", "__proto__", "Content-Encoding", "Expect", "TE"]),
    [line(random), "gzip", "100-continue", "trailers"],
    0.1,
  );
  let body = "";
  if (method === "POST" || method === "PUT") {
    const type = random.pick([
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=b",
      "application/json",
      "text/plain",
      "multipart/form-data",
      "x",
    ]);
    headers.push(["Content-Type", type]);
    body = type.includes("boundary")
      ? `--b\r\nContent-Disposition: form-data; name="${line(random)}"\r\n\r\n${latin(text(random))}\r\n--b--`
      : latin(type.includes("json") ? JSON.stringify({ user: text(random) }) : fields(random));
    add("Content-Length", ["0", "-1", "99999", "1", "x", "1e3"], 0.1);
    add("Transfer-Encoding", ["chunked", "x", "chunked, chunked"], 0.05);
  }
  const bytes = rawRequest(method, target, headers, body);
  return random.chance(0.05) ? bytes.slice(0, random.below(bytes.length)) : bytes;
}
