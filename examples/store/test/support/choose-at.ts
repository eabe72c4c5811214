/** The browser's part of a log-in at a provider. */

/**
 * Follows a log-in at a provider as a browser does: to its page, and with the choice made there back.
 * @param account undefined: the user says no
 * @param cookies of the provider, by which it remembers its user; by default a new browser's
 * @returns the address of the store to which it sends the browser
 */
export async function chooseAt(
  url: string,
  account: string | undefined,
  cookies = new Map<string, string>(),
): Promise<URL> {
  let [at, init]: [URL, RequestInit] = [new URL(url), {}];
  for (let steps = 0; steps < 10; steps++) {
    const cookie = Array.from(cookies, ([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(at, { ...init, redirect: "manual", headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = answer.headers.get("location");
    init = {};
    if (location) at = new URL(location, at);
    else if (answer.ok) init = { method: "POST", body: new URLSearchParams({ account: account ?? "" }) };
    else throw new Error(`The provider answered ${at} with ${answer.status}: ${await answer.text()}`);
    if (at.origin !== new URL(url).origin) return at;
  }
  throw new Error(`The provider sends the browser around: ${at}`);
}
