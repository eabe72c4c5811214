/** Values of attributes that would run a script: URLs, and texts that the client would run as commands. */
import { isProduction, isTest } from "./mode.ts";

const set = (names: string): ReadonlySet<string> => new Set(names.split(" "));

/**
 * The power of a value at its position. `none`: it is no URL. `image`: only its scheme matters. `link`: it may be
 * followed, so a page in it is opened. `frame`: it is opened inside the page, where an image may hold a script as
 * well. `script`: it is loaded as one. `list`: it holds values for an attribute that may be any of these.
 * `binding`: it is no URL, and runs as commands if it begins with a bracket.
 */
export type UrlRisk = "none" | "image" | "link" | "frame" | "script" | "list" | "binding";

const attributes = set(
  "href src action formaction xlink:href data poster background cite manifest codebase longdesc ping",
);
const images = set("img image source video audio track input picture");
const links = set("a area form button link base");
const animations = set("animate animatemotion animatetransform set");
const animated = set("to from by values");

/** Bindings under any prefix. */
const binding =
  /^(?!aria-)[\w-]+-(click|click-away|change|submit|focus|blur|(window-)?(focus|blur|key(down|up))|mounted|remove|connected|disconnected|viewport-(top|bottom)|auto-recover)$/;

export function urlRisk(name: string, element: string): UrlRisk {
  const attribute = name.toLowerCase();
  if (binding.test(attribute)) return "binding";
  const tag = element.toLowerCase();
  if (animations.has(tag) && animated.has(attribute)) return "list";
  if (!attributes.has(attribute) || (attribute === "data" && tag !== "object")) return "none";
  if (tag === "script") return "script";
  if (attribute === "formaction" || links.has(tag)) return "link";
  return images.has(tag) ? "image" : "frame";
}

const followed = /^data:[^,]*html/i;
const opened = /^data:[^,]*(html|xml)/i;

/** Judges as browsers do: past controls and spaces at the start, tabs and newlines anywhere, in whatever case. */
export function runsScript(risk: UrlRisk, value: string): boolean {
  if (risk === "none") return false;
  if (risk === "binding") return value.startsWith("[");
  if (risk === "list") return value.split(";").some((each) => runsScript("frame", each));
  if (!/^[\0-\x20]*[jvd]/i.test(value)) return false;
  const url = value.replace(/^[\0-\x20]+|[\t\n\r]/g, "");
  if (/^(javascript|vbscript):/i.test(url)) return true;
  if (risk === "script") return /^data:/i.test(url);
  return risk !== "image" && (risk === "link" ? followed : opened).test(url);
}

/**
 * Tells if the beginning of a URL, as its author wrote it, settles the scheme, so that no value can make a
 * script of it.
 * @returns "open" if a value may still decide, "script" if the author wrote one
 */
export function urlStart(text: string): "settled" | "open" | "script" {
  // A reference may stand for anything that browsers look past.
  const start = text.replace(/&[#\w]*;?/g, "").replace(/^[\0-\x20]+|[\t\n\r]/g, "");
  if (/^(javascript|vbscript):/i.test(start)) return "script";
  if (/^([a-z][a-z\d+.-]*)?$/i.test(start) || /^data:/i.test(start)) return "open";
  return "settled";
}

/** Names that cannot be set from a value: scripts, pages in an attribute, and the framework's own. */
export const isReserved = (name: string): boolean => /^(on|srcdoc$|data-ow-)/i.test(name);

const reported = new Set<string>();

/** Tells the author in development, once for each attribute, that a value was left out because it would run a script. */
export function reportUnsafe(name: string, value: string): void {
  const key = name.toLowerCase();
  if (isProduction() || isTest() || reported.has(key)) return;
  reported.add(key);
  const advice = value.startsWith("[")
    ? "A text that begins with [ would run as commands: give it JS.…, or an event."
    : "Its URL could run a script.";
  console.warn(`Overwire: ${name}=${JSON.stringify(value.slice(0, 100))} was left out. ${advice}`);
}
