/** Puts an app together: the one place that knows which parts there are. */
import { AppMessages } from "./app/app-messages.ts";
import { OverwireApp } from "./app/overwire-app.ts";
import { sessionClock } from "./app/session-times.ts";
import { Broadcasts } from "./channel/broadcasts.ts";
import { Connection } from "./connection/connection.ts";
import { OpenConnections } from "./connection/open-connections.ts";
import { RemountQueue } from "./connection/remount-queue.ts";
import { ResumableViews } from "./connection/resumable-views.ts";
import { WaitingViews } from "./connection/waiting-views.ts";
import { addressBy } from "./http/client-address.ts";
import { ownCookies, SESSION_COOKIE } from "./http/cookies.ts";
import { type CsrfOptions, CsrfProtection } from "./http/csrf.ts";
import { Disconnects } from "./http/disconnects.ts";
import type { ErrorPage } from "./http/error-page.ts";
import { FlashCookies } from "./http/flash-cookie.ts";
import type { Layout } from "./http/layout.ts";
import { type CheckOrigin, createOriginCheck } from "./http/origin.ts";
import { secureBy, type TrustProxy } from "./http/proxy-headers.ts";
import { Rechecks } from "./http/rechecks.ts";
import { createReporter } from "./http/reporter.ts";
import { ResponseHeaders } from "./http/response-headers.ts";
import { ReturnTo } from "./http/return-to.ts";
import { resolveSecret, type Secret } from "./http/secret.ts";
import type { SecureHeadersOptions } from "./http/secure-headers.ts";
import { type SessionOption, Sessions } from "./http/session.ts";
import { SessionTickets } from "./http/session-tickets.ts";
import { Signer } from "./http/token.ts";
import type { PresenceTimes } from "./presence/options.ts";
import { Presences } from "./presence/presences.ts";
import { createPubSub } from "./pubsub/create-pubsub.ts";
import type { PubSub } from "./pubsub/pubsub.ts";
import { Redactor } from "./runtime/redact.ts";
import { checkRedact, type Redact } from "./runtime/redact-names.ts";
import { defaultLimits, type Limits, type Report } from "./runtime/services.ts";
import type { Session } from "./view/view-host.ts";

/** Options of {@link createApp}. */
export interface AppOptions {
  /**
   * Signs pages and encrypts sessions: at least 32 characters, the same on every node. Without it one is made and
   * kept in the project's `node_modules/.cache` in development; production refuses to start. To change it, give a list with the new one first: the others still verify and decrypt.
   */
  readonly secret?: Secret | undefined;
  /** Template around every view. */
  readonly layout?: Layout | undefined;
  /** Page for errors, and for URLs without one. Default: a small page that says so. */
  readonly errorPage?: ErrorPage | undefined;
  /** Messages between views. Default: {@link createPubSub}, within this process. With several nodes: `redisPubSub`. */
  readonly pubsub?: PubSub | undefined;
  /** Times of presence: how long a lost connection counts as there, and how nodes hear of each other's end. */
  readonly presence?: PresenceTimes | undefined;
  /** Options of sessions, or the app's own sessions. Default: an encrypted cookie for 14 days. */
  readonly session?: SessionOption | undefined;
  /**
   * Names the user of a session, for {@link OverwireApp.disconnect}.
   * @example createApp({ identify: (session) => session.userId && `user:${session.userId}` });
   */
  readonly identify?: ((session: Session) => string | 0 | false | null | undefined) | undefined;
  /** Bounds on what clients can make the server hold; those that are not given have their defaults. */
  readonly limits?: Partial<Limits> | undefined;
  /**
   * Pages that may open a socket. Default `true`: those of the same host. Patterns and a function also name the foreign pages
   * that may send unsafe requests.
   */
  readonly checkOrigin?: CheckOrigin | undefined;
  /**
   * Protection against forged requests, for all handlers of the app. Default `true`: an unsafe request (POST, PUT, …) that a
   * page of another origin sends is answered with 403.
   */
  readonly csrf?: boolean | CsrfOptions | undefined;
  /** Headers of all answers, with a Content-Security-Policy for HTML; headers of handlers and middleware win. */
  readonly secureHeaders?: SecureHeadersOptions | false | undefined;
  /**
   * Proxies in front of the app. By default only their `x-forwarded-proto` is believed, so that cookies are secure behind
   * TLS. `true`: `x-forwarded-host` too. `false`: neither.
   */
  readonly trustProxy?: TrustProxy;
  /**
   * Gets reports of crashes and refusals. Default: a line each on the console, with the stack of a crash. Of
   * more than 20 of one kind and place in a minute the others are counted. An error in it harms no view.
   */
  readonly report?: ((report: Report) => void) | undefined;
  /**
   * Names whose values stand in no report, no log line and no page of an error, beside `password`, `token`, `secret`,
   * `authorization` and cookies. In any case and spelling: `creditCard` hides `credit_card[number]` too.
   */
  readonly redact?: Redact | undefined;
}

/**
 * Makes an app: a Hono app that also serves live views.
 * @throws Error if the secret is too short, or missing in production
 * @example
 * const app = createApp({ secret: process.env.SECRET_KEY_BASE });
 * app.live("/", Counter);
 */
export function createApp(options: AppOptions = {}): OverwireApp {
  const { pubsub = createPubSub() } = options;
  const cookie = typeof options.session === "object" ? options.session.cookie : undefined;
  const cookies = ownCookies(cookie ?? SESSION_COOKIE);
  const redactor = new Redactor([...(checkRedact(options.redact) ?? []), ...cookies]);
  const report = createReporter(options.report, redactor);
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const secret = resolveSecret(options.secret, (message) => report({ kind: "warning", message }));
  const connections = new OpenConnections(limits.silence);
  const isSecure = secureBy(options.trustProxy);
  const sessions = new Sessions(secret, options.session, isSecure);
  const resumableViews = new ResumableViews(limits);
  const waitingViews = new WaitingViews(limits);
  const disconnects = new Disconnects(
    pubsub,
    (matches) => {
      connections.disconnect(matches);
      waitingViews.disconnect(matches);
      resumableViews.disconnect(matches);
    },
    sessions.ended,
  );
  const sessionTimes = sessionClock(sessions, disconnects, pubsub, report);
  sessions.isAlive = (id) => sessionTimes.clock.isAlive(id);
  // An app's own PubSub reaches no other node.
  const presences = new Presences(options.pubsub, options.presence, report);
  return new OverwireApp({
    services: {
      pubsub,
      presences,
      limits,
      report,
      waitingViews,
      resumableViews,
      remounts: new RemountQueue(),
      sessions,
      flashCookies: new FlashCookies(secret, sessions),
      returnTo: new ReturnTo(secret, sessions),
      responseHeaders: new ResponseHeaders(options.secureHeaders, isSecure, options.trustProxy),
      pages: new Signer(secret, "page"),
      addressOf: addressBy(options.trustProxy),
      identify: options.identify,
      disconnects,
      rechecks: new Rechecks(pubsub, (matches) => {
        for (const each of [connections, waitingViews, resumableViews]) each.recheck(matches);
      }),
      sessionClock: sessionTimes.clock,
      sessionTickets: new SessionTickets(pubsub, secret),
    },
    messages: new AppMessages(pubsub, presences, report),
    layout: options.layout,
    errorPage: options.errorPage,
    redactor,
    acceptsOrigin: createOriginCheck(options.checkOrigin, options.trustProxy),
    isOwnOrigin: createOriginCheck(true, options.trustProxy),
    broadcasts: new Broadcasts(pubsub, report),
    connections,
    csrf: new CsrfProtection(options.csrf, { ...options, report }),
    sessionTimes,
    ownCsrf: new CsrfProtection(true, { trustProxy: options.trustProxy, report }),
    connect: (app, upgrade, peer) => new Connection(app, upgrade, peer, connections, resumableViews),
  });
}
