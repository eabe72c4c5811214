/** Likely mistakes in templates, which development and tests tell of: they stop nothing, and production looks for none. */
import type { CallSite } from "./call-site.ts";

/** Something in a template that does not do what its author expects. */
export interface Mistake {
  /** The mistake, and the code to write instead. */
  readonly problem: string;
  /** The template's source and the place in it. */
  readonly source?: string | undefined;
  readonly at?: number | undefined;
  /** Place of the template in the author's code. */
  readonly site?: CallSite | undefined;
  /** It can never be right, while another may be meant. */
  readonly certain: boolean;
  /** It is about the name of a binding, which another prefix makes an attribute of the author's own. */
  readonly binding?: boolean | undefined;
  /** It is about the view's fields and not about a template. */
  readonly inState?: boolean | undefined;
}

/** A mistake without its place. */
export type Habit = Pick<Mistake, "problem" | "certain" | "binding">;

/** Takes mistakes in. */
export interface MistakeSink {
  add(mistake: Mistake): void;
}
