/** Values of attributes that would run a script: URLs, and texts that the client would run as commands. */
import { isProduction, isTest } from "./mode.ts";

const set = (names: string): ReadonlySet<string> => new Set(names.split(" "));

/**
 * The power of a URL at its position. 0: it is no URL. 1: only its scheme matters, as for an image. 2: it may
 * be followed, so a page in it is opened. 3: it is opened inside the page, where an image may hold a script
 * as well. 4: it is a script. 5: it is a list of values for an attribute that may be any of these. 6: it is
 * no URL but a binding, which runs as commands if it begins with a bracket.
 */
export type UrlRisk = 0 | 1 | 2 | 3 | 4 | 5 | 6;

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
  if (binding.test(attribute)) return 6;
  const tag = element.toLowerCase();
  if (animations.has(tag) && animated.has(attribute)) return 5;
  if (!attributes.has(attribute) || (attribute === "data" && tag !== "object")) return 0;
  if (tag === "script") return 4;
  if (attribute === "formaction" || links.has(tag)) return 2;
  return images.has(tag) ? 1 : 3;
}

const followed = /^data:[^,]*html/i;
const opened = /^data:[^,]*(html|xml)/i;

/** Judges as browsers do: past controls and spaces at the start, tabs and newlines anywhere, in whatever case. */
export function runsScript(risk: UrlRisk, value: string): boolean {
  if (risk === 6) return value.startsWith("[");
  if (risk === 0 || !/^[\0-\x20]*[jvd]/i.test(value)) {
    return risk === 5 && value.includes(";") && value.split(";").some((each) => runsScript(3, each));
  }
  if (risk === 5) return value.split(";").some((each) => runsScript(3, each));
  const url = value.replace(/^[\0-\x20]+|[\t\n\r]/g, "");
  if (/^(javascript|vbscript):/i.test(url)) return true;
  if (risk === 4) return /^data:/i.test(url);
  return risk > 1 && (risk === 2 ? followed : opened).test(url);
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
