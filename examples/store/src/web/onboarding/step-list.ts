/** The list of steps. Those that were taken can be gone back to, but for the address, which stays confirmed. */
import { html, Link } from "@overwire/server";
import { isOpen, STEPS, type Step } from "../../onboarding/steps.ts";

export const TITLES: Readonly<Record<Step, string>> = {
  confirm: "Confirm your address",
  profile: "Your name",
  address: "Your address",
  payment: "Means of payment",
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
