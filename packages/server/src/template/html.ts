/** Templates as authors write them. */
import { currentComponent, findCallSite, tracksCallSites } from "./call-site.ts";
import { Template } from "./nodes.ts";

export { type Child, type Component, Template } from "./nodes.ts";

/**
 * Makes HTML. Values are escaped, the template's own text is not.
 *
 * A slot may be a child (text, another template, an array, `each`, `raw`, `memo`), an attribute's
 * value or a part of one, attributes (`...${props}`), or a component's tag (`<${Card}>…<//>`).
 * `null`, `undefined` and `false` drop an attribute, `true` is a bare one; `class` takes strings, arrays and
 * objects, `style` an object as well. Of two attributes with one name the later wins, whether it is written
 * out or spread: as in JSX.
 *
 * **Whitespace** means what it means in an HTML file. A run of spaces and newlines in text is one space, so
 * elements on lines of their own stay apart as they do in a browser. Only whitespace that no browser shows is
 * removed: at the start and end of a template and of a component's content, and alone between
 * the parts of a table, a select, a datalist, `html` and `head`. In `pre`, `textarea`, `script`
 * and `style` all of it is kept; as in any HTML file, one newline directly after `<pre>` or `<textarea>` is
 * not shown, but a value that starts with one keeps it. A template knows its own elements only: a
 * template in the `<pre>` of another has its whitespace collapsed.
 *
 * Elements need their end tags (`</li>`, `</p>`); void elements (`<br>`) have none; any element may close
 * itself (`<div/>`).
 * @throws TemplateError at its first rendering for HTML that cannot be right: an element never closed, a slot in a
 *   tag's name
 */
export function html(strings: TemplateStringsArray, ...values: unknown[]): Template {
  const template = new Template(strings, values);
  if (tracksCallSites) {
    if (!Object.hasOwn(Object(strings), "raw")) throw new TypeError(called);
    template.site = findCallSite(strings, html);
    template.component = currentComponent();
  }
  return template;
}

const called =
  "html is a tag and was called as a function. Write html`…`, with the template between backticks; for HTML in a text that you trust, raw(text).";

/** The same for Overwire's own components: a mistake in one is reported at the author's use of it. */
export const ownHtml = (strings: TemplateStringsArray, ...values: unknown[]): Template =>
  new Template(strings, values);
