/** The world of a load: servers, two nodes behind a balancer, and customers who are logged in and have a card. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createApp, type OverwireApp } from "@overwire/server";
import { redisSessions } from "@overwire/server/redis";
import { Balancer } from "./balancer.ts";
import type { Customer } from "./crowd.ts";
import { freePort, type ServerProcess, startPostgres, startProgram, startRedis } from "./processes.ts";

declare module "@overwire/server" {
  interface Session {
    /** Of the store: the row of a log-in. */
    loginId?: string;
  }
}

const GATEWAY_SECRET = "the load's secret for its gateway";
const SESSION_COOKIE = "store_session";
const MONTH = 30 * 24 * 60 * 60;

interface GatewayPayment {
  readonly id: string;
  readonly order: string;
  readonly amount: number;
  readonly status: string;
}

export class World {
  readonly origin: string;
  readonly #postgres: Awaited<ReturnType<typeof startPostgres>>;
  readonly #redis: Awaited<ReturnType<typeof startRedis>>;
  readonly #gateway: ServerProcess;
  readonly #gatewayUrl: string;
  readonly #balancer: Balancer;
  /** In the order in which they came. */
  readonly nodes: ServerProcess[] = [];
  readonly #secret = randomBytes(48).toString("base64url");
  readonly #sessions: ReturnType<typeof redisSessions>;
  /** Sets sessions as the store does. */
  readonly #logIns: OverwireApp;

  private constructor(
    postgres: Awaited<ReturnType<typeof startPostgres>>,
    redis: Awaited<ReturnType<typeof startRedis>>,
    gateway: ServerProcess,
    gatewayUrl: string,
    balancer: Balancer,
  ) {
    this.#postgres = postgres;
    this.#redis = redis;
    this.#gateway = gateway;
    this.#gatewayUrl = gatewayUrl;
    this.#balancer = balancer;
    this.origin = `http://127.0.0.1:${balancer.port}`;
    this.#sessions = redisSessions({ url: redis.url });
    const session = { cookie: SESSION_COOKIE, maxAge: MONTH, store: this.#sessions };
    const app = createApp({ secret: this.#secret, session });
    app.post("/", async (c) => {
      await app.setSession(c, await c.req.json());
      return c.body(null, 204);
    });
    this.#logIns = app;
  }

  static async start(): Promise<World> {
    const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    const balancer = await Balancer.start(SESSION_COOKIE);
    const gatewayPort = await freePort();
    const gatewayUrl = `http://127.0.0.1:${gatewayPort}`;
    const gateway = await startProgram(
      "gateway/server.js",
      gatewayPort,
      {
        GATEWAY_SECRET,
        GATEWAY_PUBLIC_URL: gatewayUrl,
        WEBHOOK_URL: `http://127.0.0.1:${balancer.port}/webhooks/payments`,
      },
      "/",
    );
    const world = new World(postgres, redis, gateway, gatewayUrl, balancer);
    await world.startNode();
    await world.startNode();
    return world;
  }

  /** @returns a node that the balancer sends connections to. */
  async startNode(): Promise<ServerProcess> {
    const port = await freePort();
    const node = await startProgram(
      "server.js",
      port,
      {
        NODE_ENV: "production",
        STORE_SEED: "true",
        SECRET_KEY_BASE: this.#secret,
        DATABASE_URL: this.#postgres.url,
        REDIS_URL: this.#redis.url,
        STORE_URL: this.origin,
        GATEWAY_URL: this.#gatewayUrl,
        GATEWAY_SECRET,
        SMTP_URL: "console",
      },
      "/health",
    );
    this.nodes.push(node);
    this.#balancer.add(port);
    return node;
  }

  /** Rows of a question to the database, as lists of texts. */
  sql(question: string): string[][] {
    const rows = execFileSync(
      "psql",
      [this.#postgres.url, "-AtF", "\t", "-v", "ON_ERROR_STOP=1", "-c", question],
      {
        encoding: "utf8",
      },
    );
    return rows
      .split("\n")
      .filter(Boolean)
      .map((row) => row.split("\t"));
  }

  /** Customers with an address and a card, by their ids. */
  async createCustomers(count: number): Promise<number[]> {
    const method = JSON.stringify(await this.#saveCard());
    const address = JSON.stringify({
      name: "Ada",
      street: "Main Street 1",
      postcode: "10115",
      city: "Berlin",
      country: "DE",
    });
    this.sql(`
      insert into users (email, name, confirmed_at)
        select 'shopper' || n || '@example.com', 'Shopper ' || n, now() from generate_series(1, ${count}) n;
      insert into profiles (user_id, display_name, address, payment_method, completed_at)
        select id, name, '${address}', '${method}', now() from users where email like 'shopper%';
      insert into logins (id, user_id, agent, address, expires_at)
        select 'login-' || id, id, 'load', '127.0.0.1', now() + interval '1 day' from users where email like 'shopper%';`);
    return this.sql("select id from users where email like 'shopper%' order by id").map(([id]) => Number(id));
  }

  /** Logs a customer in, as the store does after a password: those of 200 customers would take a minute to check. */
  async logIn(userId: number): Promise<Customer> {
    const body = JSON.stringify({ userId, loginId: `login-${userId}` });
    const response = await this.#logIns.request(this.origin, { method: "POST", body });
    return { userId, cookies: response.headers.getSetCookie() };
  }

  async #saveCard(): Promise<unknown> {
    const headers = { authorization: `Bearer ${GATEWAY_SECRET}`, "content-type": "application/json" };
    const begun = await fetch(`${this.#gatewayUrl}/v1/setups`, {
      method: "POST",
      headers,
      body: JSON.stringify({ returnUrl: this.origin }),
    });
    const { id } = (await begun.json()) as { id: string };
    const body = new URLSearchParams({ card: "4242 4242 4242 4242", decision: "accept" });
    await fetch(`${this.#gatewayUrl}/setups/${id}`, { method: "POST", body, redirect: "manual" });
    const ended = await fetch(`${this.#gatewayUrl}/v1/setups/${id}`, { headers });
    return ((await ended.json()) as { method: unknown }).method;
  }

  async payments(): Promise<GatewayPayment[]> {
    const response = await fetch(`${this.#gatewayUrl}/v1/payments`, {
      headers: { authorization: `Bearer ${GATEWAY_SECRET}` },
    });
    return (await response.json()) as GatewayPayment[];
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.end("SIGTERM")));
    await this.#gateway.end("SIGTERM");
    await this.#balancer.close();
    await this.#sessions.close();
    await this.#redis.stop();
    await this.#postgres.stop();
  }
}
