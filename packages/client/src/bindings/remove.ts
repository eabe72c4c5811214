/** Removal of elements: `phx-remove`, and the transition to wait for before they are gone. */
import { invoke } from "../dom/native.ts";
import type { Commands, Host } from "./host.ts";

/** Starts the transition of an element that goes. @returns a promise of its end */
export type RunRemoval = (el: Element) => Promise<unknown> | undefined;

/** @param create makes commands with another host, which collects the transitions to wait for */
export function createRemoval(host: Host, create: (host: Host) => Commands): RunRemoval {
  let waits: Promise<unknown>[] = [];
  const commands = create({
    ...host,
    hold(until) {
      waits.push(until);
      host.hold(until);
    },
  });
  return (el) => {
    waits = [];
    commands.run(invoke(el, "getAttribute", `${host.prefix}remove`) || "[]", { source: el, type: "hook" });
    return waits.length ? Promise.all(waits) : undefined;
  };
}
