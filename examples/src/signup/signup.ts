/** Signing up in steps. Each step is a form and a URL; the page has all of them, so that nothing typed is ever lost. */
import { type Child, FieldErrors, html, Link, LiveView } from "@overwire/server";
import { z } from "zod";
import { isTaken, register } from "./accounts.ts";
import { TextField } from "./text-field.ts";

const steps = ["you", "team", "review"] as const;
type Step = (typeof steps)[number];

const titles: Readonly<Record<Step, string>> = { you: "You", team: "Your team", review: "Review" };
const urlOf = (step: Step) => (step === "you" ? "/signup" : `/signup?step=${step}`);

const name = z.string().trim().min(1, "A name is needed.").max(60, "At most 60 characters.");

const you = z.object({
  name,
  email: z.email("This is no address of an email account.").max(200, "At most 200 characters."),
  password: z.string().min(10, "At least 10 characters.").max(200, "At most 200 characters."),
});

const roles = ["Editor", "Reader", "Guest"] as const;

const team = z.object({
  people: z
    .array(z.object({ name, role: z.enum(roles) }))
    .min(1, "A team has at least one person.")
    .max(8, "At most 8 people."),
});

export class SignUp extends LiveView {
  step: Step | undefined;

  you = this.form(you, {
    invalid: () => this.focus(),
    submit: ({ email }) => (isTaken(email) ? this.refuse() : this.go("team")),
  });

  team = this.form(team, {
    values: { people: [{ role: "Editor" }] },
    invalid: () => this.focus(),
    submit: () => this.go("review"),
  });

  handleParams() {
    const step = z.enum(steps).catch("you").parse(this.params.step);
    const before = this.step;
    this.step = step;
    // The focus of a user who opens the page stays.
    if (before && before !== step) this.focus();
  }

  add = this.event(() => {
    const { people } = this.team.fields;
    people.add({ role: "Editor" });
    const added = [...people].at(-1);
    this.pushEvent("focus", { id: added?.fields.name.id });
  });

  create = this.event(() => {
    const person = this.you.output;
    const people = this.team.output;
    if (!person) return this.go("you");
    if (!people) return this.go("team");
    if (!register(person.email)) return this.refuse();
    this.putFlash("info", `Welcome, ${person.name}. An invitation is on its way to each of your team.`);
    this.pushNavigate("/signup/welcome");
  });

  private go(step: Step) {
    this.pushPatch(urlOf(step));
  }

  /** Errors that only the server knows. */
  private refuse() {
    this.you.setErrors({ email: "Somebody has an account with this address." });
    if (this.step === "you") this.focus();
    else this.go("you");
  }

  /** The keyboard goes on at what is wrong in the step, or where it begins. For `focus.js`. */
  private focus() {
    const { step } = this;
    this.pushEvent("focus", {
      to: [`#${step} [aria-invalid]`, `#${step} [role=alert] + button`, `#${step} h2`],
    });
  }

  render() {
    return html`
      <div class="card signup">
        <nav class="steps" aria-label="Steps">
          <ol>
            ${steps.map(
              (step) =>
                html`<li><${Link} patch=${urlOf(step)} aria-current=${step === this.step && "step"}>${titles[step]}<//></li>`,
            )}
          </ol>
        </nav>
        ${this.youStep()} ${this.teamStep()} ${this.reviewStep()}
      </div>`;
  }

  private youStep() {
    const { fields, change, submit } = this.you;
    return html`
      <form id="you" phx-change=${change} phx-submit=${submit} novalidate hidden=${this.step !== "you"}>
        <h2 tabindex="-1">${titles.you}</h2>
        <${TextField} field=${fields.name} label="Name" autocomplete="name" />
        <${TextField} field=${fields.email} label="Email" hint="ada@example.com is taken" type="email" autocomplete="email" />
        <${TextField} field=${fields.password} label="Password" hint="at least 10 characters" type="password" autocomplete="new-password" />
        <p class="actions"><button class="primary">Continue</button></p>
      </form>`;
  }

  private teamStep() {
    const { change, submit } = this.team;
    const { people } = this.team.fields;
    return html`
      <form id="team" phx-change=${change} phx-submit=${submit} novalidate hidden=${this.step !== "team"}>
        <h2 tabindex="-1">${titles.team}</h2>
        <input ...${people.attributes}>
        <div class="people">
          ${people.map(
            (person, { index, removeEvent, moveEvent }) => html`
              <fieldset>
                <legend>Person ${index + 1}</legend>
                <${TextField} field=${person.name} label="Name" />
                <div class="field">
                  <label for=${person.role.id}>Role</label>
                  <select ...${person.role.attributes}>${roles.map((role) => html`<option ...${person.role.option(role)}>${role}</option>`)}</select>
                  <${FieldErrors} field=${person.role} />
                </div>
                <p class="tools">
                  <button type="button" class="quiet" phx-click=${moveEvent(index - 1)} aria-disabled=${index === 0 && "true"} aria-label="Move person ${index + 1} up">↑</button>
                  <button type="button" class="quiet" phx-click=${moveEvent(index + 1)} aria-disabled=${index === people.length - 1 && "true"} aria-label="Move person ${index + 1} down">↓</button>
                  <button type="button" class="quiet" phx-click=${removeEvent.focus("#add")} aria-label="Remove person ${index + 1}">✕</button>
                </p>
              </fieldset>`,
          )}
        </div>
        <${FieldErrors} field=${people} />
        <button type="button" id="add" phx-click=${this.add}>Add a person</button>
        <p class="actions">
          <${Link} class="button" patch=${urlOf("you")}>Back<//>
          <button class="primary">Continue</button>
        </p>
      </form>`;
  }

  private reviewStep() {
    const { name, email } = this.you.value;
    const { people } = this.team.value;
    return html`
      <section id="review" aria-labelledby="review-title" hidden=${this.step !== "review"}>
        <h2 id="review-title" tabindex="-1">${titles.review}</h2>
        <${Part} step="you" complete=${this.you.valid}>
          <dl>
            <div><dt>Name</dt><dd>${name || "–"}</dd></div>
            <div><dt>Email</dt><dd>${email || "–"}</dd></div>
          </dl>
        <//>
        <${Part} step="team" complete=${this.team.valid}>
          <ol>${people?.map((person) => html`<li>${person.name || "–"} <small>${person.role}</small></li>`)}</ol>
        <//>
        <p class="actions">
          <${Link} class="button" patch=${urlOf("team")}>Back<//>
          <button class="primary" phx-click=${this.create}>Create account</button>
        </p>
      </section>`;
  }
}

const Part = ({ step, complete, children }: { step: Step; complete: boolean; children?: Child }) => html`
  <section class="part" aria-labelledby="${step}-part">
    <h3 id="${step}-part">${titles[step]}</h3>
    <${Link} patch=${urlOf(step)} aria-label="Change ${titles[step]}">Change<//>
    ${children}
    ${!complete && html`<p class="missing">Something is missing here, or not right yet.</p>`}
  </section>`;

/** The end: a view of its own, so that going back does not sign up twice. */
export class Welcome extends LiveView {
  render() {
    return html`
      <div class="card signup">
        <h2>Your account is there</h2>
        <p role="status">${this.flash.info ?? "You can close this page."}</p>
        <p class="actions"><${Link} class="button" navigate="/signup">Sign somebody else up<//></p>
      </div>`;
  }
}
