/** New props that `sendUpdate` has for live components: given in the view's turn, once there was a rendering to make them. */
import { LiveComponent, type LiveComponentClass } from "../../view/live-component.ts";
import type { ViewHost } from "../../view/view-host.ts";
import type { ComponentProps, MountedComponent } from "./mounted-component.ts";

/** The table of components, as far as updates are concerned. */
export interface ComponentUpdateOwner {
  readonly viewProcess: Pick<ViewHost, "post"> & { warn(event: string, message: string): void };
  /** Tells if the view has been rendered. */
  rendered(): boolean;
  named(Class: LiveComponentClass, id: string): MountedComponent | undefined;
  /** Has a component take its props. */
  take(mounted: MountedComponent): void;
}

export class ComponentUpdates {
  readonly #table: ComponentUpdateOwner;
  /** Updates that came before the first rendering. */
  #early: (() => void)[] | undefined;

  constructor(table: ComponentUpdateOwner) {
    this.#table = table;
  }

  /**
   * Gives a component new props, in the view's turn.
   * @throws TypeError if it is not a component's class, or there is no id
   */
  send(Class: object, props: { readonly id: string }): void {
    const { prototype, name } = Class as LiveComponentClass & { prototype: unknown };
    if (!(prototype instanceof LiveComponent)) {
      throw new TypeError("sendUpdate takes the class of a live component, and its props.");
    }
    const { id } = props;
    if ((typeof id !== "string" && typeof id !== "number") || id === "") {
      throw new TypeError(`sendUpdate(${name}, { id: "…" }) needs the id of the component that is meant.`);
    }
    const given = { ...props, id: String(id) };
    const run = () => {
      if (this.#table.rendered()) this.#give(Class as LiveComponentClass, given);
      else (this.#early ??= []).push(run);
    };
    this.#table.viewProcess.post("sendUpdate", run);
  }

  /** A rendering is over. */
  rendered(): void {
    const early = this.#early;
    this.#early = undefined;
    for (const run of early ?? []) this.#table.viewProcess.post("sendUpdate", run);
  }

  #give(Class: LiveComponentClass, props: ComponentProps): void {
    const mounted = this.#table.named(Class, props.id);
    if (!mounted) {
      const message = `There is no ${Class.name} with the id ${JSON.stringify(props.id)} in this view.`;
      this.#table.viewProcess.warn("sendUpdate", message);
      return;
    }
    mounted.enter();
    mounted.send(props);
    this.#table.take(mounted);
  }
}
