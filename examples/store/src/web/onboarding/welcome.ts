/** The steps of a user who is logged in. The URL names the step, and leads no further than to the next one. */
import { html, Link, LiveView } from "@overwire/server";
import { addressAnswer, nameAnswer } from "../../onboarding/answers.ts";
import { type OnboardingState, onboardingTopic } from "../../onboarding/onboarding.ts";
import { isOpen, type Step, stepNamed } from "../../onboarding/steps.ts";
import { GatewayUnavailable } from "../../payments/gateway.ts";
import { AddressFields } from "../shared/address-fields.ts";
import { Field } from "../shared/field.ts";
import { frame } from "../shared/frame.ts";
import { member } from "../shared/guards.ts";
import { StepList, TITLES } from "./step-list.ts";

const path = (step: Step) => `/welcome/${step}`;

export class Welcome extends LiveView<"/welcome" | "/welcome/:step", typeof member> {
  static guard = member;

  state!: OnboardingState;
  step: Step = "profile";
  /** Of the gateway. */
  problem = "";

  async mount() {
    this.subscribe(onboardingTopic(this.session.userId), () => this.#follow());
    await this.#read();
    const { user, profile } = this.state;
    this.name.assign({ displayName: profile?.displayName || user.name });
    this.address.assign(profile?.address ?? { name: user.name, country: "" });
  }

  async handleParams() {
    const step = stepNamed(this.params.step);
    this.problem = "";
    if (step === "payment") await this.#finishCard();
    const { next } = this.state;
    if (next === "confirm") return this.pushNavigate(path(next));
    if (!step || !isOpen(step, next)) return this.pushPatch(path(next), { replace: true });
    this.step = step;
    this.pageTitle = TITLES[step];
  }

  name = this.form(nameAnswer, {
    submit: async ({ displayName }): Promise<void> => {
      await this.#onboarding.saveName(this.session.userId, displayName);
      await this.#goOn("address");
    },
  });

  address = this.form(addressAnswer, {
    submit: async (address): Promise<void> => {
      await this.#onboarding.saveAddress(this.session.userId, address);
      await this.#goOn("payment");
    },
  });

  enterCard = this.event(async () => {
    try {
      this.redirect({ external: await this.#onboarding.beginCard(this.session.userId) });
    } catch (error) {
      this.#gatewayFailed(error);
    }
  });

  skipPayment = this.event(async () => {
    await this.#onboarding.skipPayment(this.session.userId);
    await this.#goOn("done");
  });

  get #onboarding() {
    return this.context.store.onboarding;
  }

  async #read() {
    this.state = await this.#onboarding.of(this.session.userId);
  }

  async #goOn(step: Step) {
    await this.#read();
    this.pushPatch(path(step));
  }

  /** A step was taken, perhaps on another machine: a page that waits for it goes on. Text that is being typed stays. */
  async #follow() {
    const { next } = this.state;
    await this.#read();
    const isTaken = this.step === "payment" && next === "payment" && this.state.next === "done";
    if (isTaken) this.pushPatch(path("done"));
  }

  async #finishCard() {
    try {
      if (await this.#onboarding.finishCard(this.session.userId)) await this.#read();
    } catch (error) {
      this.#gatewayFailed(error);
    }
  }

  #gatewayFailed(error: unknown) {
    if (!(error instanceof GatewayUnavailable)) throw error;
    this.problem = "The page for cards does not answer just now. Try again, or do it with your first order.";
  }

  render() {
    const steps = { profile: this.#name, address: this.#address, payment: this.#payment, done: this.#done };
    return frame(
      this,
      html`
        <section class="welcome stack">
          <${StepList} step=${this.step} next=${this.state.next} />
          <div class="card stack">${this.step !== "confirm" && steps[this.step]()}</div>
        </section>`,
    );
  }

  #name = () => {
    const { fields, change, submit } = this.name;
    return html`
      <h1>Nice to meet you</h1>
      <form id="name" class="form" phx-change=${change} phx-submit=${submit}>
        <${Field} label="Your name" autocomplete="nickname" field=${fields.displayName} hint="As we shall call you." />
        <div class="row"><button class="primary" phx-disable-with="One moment…">Go on</button></div>
      </form>`;
  };

  #address = () => {
    const { fields, change, submit } = this.address;
    return html`
      <h1>Your address</h1>
      <form id="address" class="form" phx-change=${change} phx-submit=${submit}>
        <${AddressFields} fields=${fields} />
        <div class="row">
          <button class="primary" phx-disable-with="One moment…">Go on</button>
          <${Link} class="button" patch=${path("profile")}>Back<//>
        </div>
      </form>`;
  };

  #payment = () => {
    const { profile } = this.state;
    const method = profile?.paymentMethod;
    return html`
      <h1>Means of payment</h1>
      <p>${
        method
          ? html`<strong>${method.brand}</strong> that ends with <strong>${method.last4}</strong>`
          : "You enter your card on the page of our payment gateway. The store never sees its number."
      }</p>
      ${!method && profile?.setupId && html`<p class="hint" role="status">No card has come from the gateway yet.</p>`}
      ${this.problem && html`<p class="problem" role="alert">${this.problem}</p>`}
      <div class="row">
        ${
          method
            ? html`<${Link} class="button primary" patch=${path("done")}>Go on<//>
                <button phx-click=${this.enterCard}>Another card</button>`
            : html`<button class="primary" phx-click=${this.enterCard}>Enter a card</button>
                <button phx-click=${this.skipPayment}>With the first order</button>`
        }
        <${Link} class="button" patch=${path("address")}>Back<//>
      </div>`;
  };

  #done = () => {
    const { profile } = this.state;
    return html`
      <h1>You are ready, ${profile?.displayName}</h1>
      <p>${profile?.paymentMethod ? "Orders need one click from now on." : "You choose how to pay with your first order."}</p>
      <div class="row"><${Link} class="button primary" navigate="/">To the shop<//></div>`;
  };
}
