/** `<noscript>` for a client, which parses HTML as a browser does without scripts: its content as the text that it is with them. */
import { escapeHtml } from "./escape.ts";

/** Parts that may hold a tag which is none, then the element itself. */
const pattern =
  /<!--[\s\S]*?-->|<(script|style|textarea|title|xmp|iframe|noembed|noframes)(?=[\s/>])[\s\S]*?<\/\1(?=[\s/>])|(<noscript(?=[\s/>])(?:"[^"]*"|'[^']*'|[^'">])*>)([\s\S]*?)(?=<\/noscript[\s/>]|$)|<[a-z/](?:"[^"]*"|'[^']*'|[^'">])*>/gi;

/** HTML of a text that is HTML. */
export const asText = (html: string): string => escapeHtml(html.replace(/\r\n?/g, "\n"));

/** Makes text of what stands in the `<noscript>` elements of trusted HTML. */
export const withInertNoscript = (html: string): string =>
  /<noscript/i.test(html)
    ? html.replace(pattern, (all, _raw, start?: string, content?: string) =>
        start === undefined ? all : start + asText(content ?? ""),
      )
    : html;
