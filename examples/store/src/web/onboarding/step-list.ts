/** The list of steps. Those that were taken can be gone back to, but for the address, which stays confirmed. */
import { html, Link } from "@overwire/server";
import { isOpen, STEPS, type Step } from "../../onboarding/steps.ts";

/** In a few letters, so that all of them stand beside each other. */
export const TITLES: Readonly<Record<Step, string>> = {
  confirm: "Mail",
  profile: "Name",
  address: "Address",
  payment: "Payment",
  done: "Ready",
};

export interface StepListProps {
  readonly step: Step;
  /** The first one that is not taken yet. */
  readonly next: Step;
}

export const StepList = ({ step, next }: StepListProps) => html`
  <nav aria-label="Steps">
    <ol class="steps">${STEPS.map(
      (each) => html`
        <li class=${{ taken: each !== next && isOpen(each, next) }} aria-current=${each === step && "step"}>
          ${isOpen(each, next) && each !== step && each !== "confirm" ? html`<${Link} patch="/welcome/${each}">${TITLES[each]}<//>` : TITLES[each]}
        </li>`,
    )}</ol>
  </nav>`;
