/** The ways to log in by a provider, for the pages of logging in and registering. */
import { html } from "@overwire/server";
import type { Provider } from "../../providers/provider.ts";

/** Links, as each of them leaves the store. Nothing without providers. */
export const ProviderButtons = ({ providers }: { readonly providers: readonly Provider[] }) =>
  providers.length > 0 &&
  html`<ul class="providers" aria-label="Other ways to continue">
    ${providers.map(({ name, title }) => html`<li><a class="button" href="/auth/${name}">Continue with ${title}</a></li>`)}
  </ul>`;
