/** A component on its own, as HTML. */
import { type Component, createApp, html, LiveView } from "@overwire/server";

/** A live component's class. */
type ComponentClass<Props> = { new (): { readonly props: Props }; readonly name: string };

/** Props of a component; a live component has an id all the same. */
type Given<Props> = Omit<Props, "id" | "children"> & { readonly id?: string; readonly children?: unknown };

/**
 * Renders a function component, or a live component as it is when it is mounted.
 * @param props of the component; a live component without an id gets the id `component`
 * @returns its HTML
 * @throws the error of the component; an Error if a live component mounts asynchronously: `live()` a view
 *   with it
 * @example expect(renderComponent(Badge, { count: 3 })).toBe("<b>3</b>");
 */
export function renderComponent<Props extends object>(
  component: ((props: Props) => unknown) | ComponentClass<Props>,
  props: Given<NoInfer<Props>> = {} as Given<Props>,
): string {
  const isClass = Object.getOwnPropertyDescriptor(component, "prototype")?.writable === false;
  const given = isClass ? { id: "component", ...props } : props;
  class Alone extends LiveView {
    override render() {
      return html`<${component as unknown as Component} ...${given} />`;
    }
  }
  let painted: string | undefined;
  const app = createApp({
    secret: "x".repeat(32),
    session: () => ({}),
    report: () => {},
    layout: ({ children }) => {
      painted = String((children as { html?: unknown }).html);
      return html`${children}`;
    },
  });
  app.onError((error) => {
    throw error;
  });
  app.live("/", Alone);
  const answer = app.fetch(new Request("http://localhost/"));
  app.close();
  if (painted === undefined) {
    if (answer instanceof Promise) answer.catch(() => {});
    throw new Error(
      `${component.name} mounts asynchronously, so it cannot be rendered on its own: use it in a view, with live().`,
    );
  }
  return painted.replace(/^<div [^>]*>/, "").replace(/<\/div>$/, "");
}
