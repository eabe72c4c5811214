/** Cookies that an app writes and reads itself, without a handler of its own. */
import { createApp, type OverwireApp } from "@overwire/server";

type Context = Parameters<OverwireApp["getSession"]>[0];

/** Values for the handler that stands in for those of the app. */
interface Errand {
  readonly run: (c: Context) => unknown;
}

let errands: OverwireApp | undefined;

/** An app whose only handler does what a test asks for. */
function errandsApp(): OverwireApp {
  const app = createApp({ secret: "x".repeat(32), report: () => {}, secureHeaders: false });
  app.get("*", async (c) => {
    await (c.env as Errand).run(c);
    return c.body(null, 204);
  });
  app.onError((error) => {
    throw error;
  });
  return app;
}

/**
 * Runs a function with the context of a request that no handler of the app gets.
 * @returns the `set-cookie` headers that it made
 */
export async function inRequest(
  url: URL,
  headers: Headers,
  run: (c: Context) => unknown,
): Promise<readonly string[]> {
  errands ??= errandsApp();
  const response = await errands.fetch(new Request(url, { headers }), { run } satisfies Errand);
  return response.headers.getSetCookie();
}
