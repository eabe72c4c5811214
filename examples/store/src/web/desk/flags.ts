/** The switches of the store. Each works at once on all open pages. */
import { each, html, LiveView } from "@overwire/server";
import { z } from "zod";
import type { User } from "../../database/schema.ts";
import { FLAGS, flagNames } from "../../desk/flags.ts";
import { admin } from "../shared/guards.ts";
import { deskFrame } from "./desk-frame.ts";

export class DeskFlags extends LiveView<"/desk/flags", typeof admin> {
  static guard = admin;

  set = this.event(
    z.object({ name: z.enum(flagNames), isOn: z.boolean() }),
    ({ name, isOn }) => this.context.store.flags.set(this.context.user as User, name, isOn),
    { guard: admin },
  );

  render() {
    const { flags } = this.context;
    return deskFrame(
      this,
      html`<div class="stack">
        <h1>Feature flags</h1>
        <ul class="card lines">${each(
          flagNames,
          (name) => name,
          (name) => html`
            <li>
              <p id="flag-${name}"><strong>${name}</strong><br><span class="hint">${FLAGS[name]}</span></p>
              <button class="switch" role="switch" aria-checked=${String(flags[name])} aria-labelledby="flag-${name}"
                phx-click=${this.set({ name, isOn: !flags[name] })}>${flags[name] ? "On" : "Off"}</button>
            </li>`,
        )}</ul>
      </div>`,
    );
  }
}
