/** Commands, and their options on the wire. */
import type { CommandContext } from "../bindings/host.ts";
import type { PushArgs } from "../bindings/push.ts";
import type { EffectOptions, Names, Transition } from "../dom/effects.ts";
import type { Rollback } from "../dom/sticky.ts";

/** Elements that a command is for: a selector in the whole page, or from the command's own element. */
export type To = string | { readonly inner: string } | { readonly closest: string };

/** Options of all commands together, under their names on the wire. */
export interface Args extends EffectOptions, PushArgs {
  readonly to?: To;
  readonly display?: string;
  readonly in?: Transition;
  readonly out?: Transition;
  readonly names?: Names;
  /** A name, or one with values, of which commands are lists. */
  readonly attr?: string | readonly unknown[];
  readonly optimistic?: readonly unknown[];
  readonly detail?: object;
  readonly bubbles?: boolean;
  readonly href?: string;
  readonly replace?: boolean;
}

export type Command = (el: Element, args: Args, undos: Rollback | undefined, context: CommandContext) => void;

/** Commands by their names on the wire. */
export interface CommandSet {
  readonly [op: string]: Command;
}
