/** New props that `sendUpdate` has for live components: given in the view's turn, once there was a rendering to make them. */
import { LiveComponent, type LiveComponentClass } from "../../view/live-component.ts";
import type { ViewHost } from "../../view/view-host.ts";
import type { ViewReports } from "../view-reports.ts";
import type { ComponentProps, MountedComponent } from "./mounted-component.ts";

/** The component tree, as far as updates are concerned. */
export interface UpdateTarget {
  /** Tells if the view has been rendered. */
  readonly isRendered: () => boolean;
  readonly find: (Class: LiveComponentClass, id: string) => MountedComponent | undefined;
  /** Has a component take its props. */
  readonly update: (mounted: MountedComponent) => void;
}

export class ComponentUpdates {
  readonly #host: ViewHost;
  readonly #reports: ViewReports;
  readonly #tree: UpdateTarget;
  /** Updates that came before the first rendering. */
  #early: (() => void)[] | undefined;

  constructor(host: ViewHost, reports: ViewReports, tree: UpdateTarget) {
    this.#host = host;
    this.#reports = reports;
    this.#tree = tree;
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
      if (this.#tree.isRendered()) this.#give(Class as LiveComponentClass, given);
      else (this.#early ??= []).push(run);
    };
    this.#host.post("sendUpdate", run);
  }

  /** A rendering is over. */
  rendered(): void {
    const early = this.#early;
    this.#early = undefined;
    for (const run of early ?? []) this.#host.post("sendUpdate", run);
  }

  #give(Class: LiveComponentClass, props: ComponentProps): void {
    const mounted = this.#tree.find(Class, props.id);
    if (!mounted) {
      const message = `There is no ${Class.name} with the id ${JSON.stringify(props.id)} in this view.`;
      this.#reports.warn("sendUpdate", message);
      return;
    }
    mounted.enter();
    mounted.send(props);
    this.#tree.update(mounted);
  }
}
