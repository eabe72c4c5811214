import { inspect } from "node:util";
import { Channel, createApp } from "@overwire/server";
import { deferred } from "@overwire/test-support/deferred";
import { beforeEach, describe, expect, test } from "vitest";
import { connect, control, type Double, DoubleError, double, verifyAll, withDoubles } from "../index.ts";

interface Order {
  readonly id: string;
  readonly amount: number;
}

interface PaymentGateway {
  charge(order: Order): Promise<{ id: string }>;
  refund(id: string, amount?: number): boolean;
  readonly currency?: string;
}

const order = { id: "o1", amount: 5 };

class InMemoryGateway implements PaymentGateway {
  readonly currency = "EUR";
  readonly #charges: string[] = [];

  async charge({ id }: Order) {
    this.#charges.push(id);
    return { id: `ch_${this.#charges.length}` };
  }

  refund(id: string) {
    return this.#charges.includes(id);
  }
}

const failure = (run: () => unknown): DoubleError => {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(DoubleError);
    return error as DoubleError;
  }
  return expect.fail("it did not throw");
};

/** Fails a call, which is taken as reported. */
const refused = (of: object, run: () => unknown): string => {
  const { message } = failure(run);
  expect(failure(() => control(of).verify()).message).toBe(message);
  return message;
};

let gateway: Double<PaymentGateway>;
beforeEach(() => {
  gateway = double<PaymentGateway>("PaymentGateway");
});

describe("expectations", () => {
  test("answer calls in order, each as often as it says", () => {
    gateway.expect("refund", () => true, { times: 2 });
    gateway.expect("refund", () => false);
    expect([gateway.refund("a"), gateway.refund("b", 2), gateway.refund("c")]).toEqual([true, true, false]);
    expect(gateway.calls("refund")).toEqual([["a"], ["b", 2], ["c"]]);
    gateway.verify();
  });

  test("that are not met are named, once, with their place and the calls that came", () => {
    gateway.expect("charge", async () => ({ id: "x" }), { times: 2 });
    gateway.stub("refund", () => true);
    gateway.refund("o1");
    const { message, stack, code } = failure(() => gateway.verify());
    const [, line] =
      /expected twice \(at .*double\.test\.ts:(\d+)\) and came never\. Calls: refund\('o1'\)\.$/.exec(
        message,
      ) ?? [message];
    expect(/\n +at .*?double\.test\.ts:(\d+):\d+/.exec(stack ?? "")?.[1]).toBe(line);
    expect(code).toBe("double_failed");
    gateway.verify();
  });

  test("refuse calls beyond them, and all if there are to be none", () => {
    gateway.expect("refund", () => true);
    gateway.refund("o1");
    expect(refused(gateway, () => gateway.refund("o2"))).toMatch(
      /^PaymentGateway\.refund\('o2'\) came unexpectedly: refund is expected once \(at .*\) and came once\.$/,
    );
    gateway.fallback(new InMemoryGateway()).expect("charge", { times: 0 });
    expect(refused(gateway, () => gateway.charge(order))).toMatch(
      /charge is expected never .* came never\.$/,
    );
  });

  test("replace stubs that are older, and leave the rest to newer ones", () => {
    gateway.stub("refund", () => false).expect("refund", () => true);
    gateway.refund("o1");
    refused(gateway, () => gateway.refund("o2"));
    gateway.stub("refund", () => false);
    expect(gateway.refund("o3")).toBe(false);
  });

  test("leave the rest to the fallback, unless none may come after them", async () => {
    gateway.fallback(new InMemoryGateway()).expect("charge", async () => ({ id: "first" }));
    expect(await gateway.charge(order)).toEqual({ id: "first" });
    expect(await gateway.charge(order)).toEqual({ id: "ch_1" });
    gateway.expect("charge", gateway.passThrough, { times: 1 });
    gateway.expect("charge", { times: 0 });
    expect(await gateway.charge(order)).toEqual({ id: "ch_2" });
    refused(gateway, () => gateway.charge(order));
  });

  test("take a function, and a whole number of times", () => {
    const wrong = gateway as unknown as { expect(...args: unknown[]): void };
    for (const args of [
      ["charge"],
      ["charge", () => {}, { times: -1 }],
      ["charge", () => {}, { times: 0.5 }],
    ])
      expect(() => wrong.expect(...args)).toThrow("takes a function, and a whole number as times");
  });

  test("are verified for all doubles, and forgotten, by verifyAll", () => {
    double<PaymentGateway>("First").expect("refund", () => true);
    double<PaymentGateway>("Second").expect("refund", () => true);
    expect(failure(verifyAll).message).toMatch(/^First: refund .*\nSecond: refund /);
    // As a hook it is given the runner's context.
    (verifyAll as (context: object) => void)({});
  });
});

describe("a fallback", () => {
  test("has a state, and values that are no functions", async () => {
    gateway.fallback(new InMemoryGateway());
    await gateway.charge(order);
    expect([gateway.refund("o1"), gateway.refund("o2"), gateway.currency]).toEqual([true, false, "EUR"]);
  });

  test("is called by passThrough with the same arguments, also later and in several calls at once", async () => {
    gateway.fallback(new InMemoryGateway()).stub("charge", async ({ id }) => {
      await Promise.resolve();
      if (id === "bad") throw new Error("declined");
      const charge = await gateway.passThrough("charge");
      return { id: `${id} ${charge.id}` };
    });
    const charges = await Promise.allSettled(
      ["a", "bad", "b"].map((id) => gateway.charge({ id, amount: 1 })),
    );
    expect(
      charges.map((each) => (each.status === "fulfilled" ? each.value.id : each.reason.message)),
    ).toEqual(["a ch_1", "declined", "b ch_2"]);
  });

  test("is needed by passThrough, and a call that it passes on", () => {
    expect(() => gateway.passThrough()).toThrow("no stub or expectation runs");
    gateway.stub("refund", () => gateway.passThrough());
    expect(() => gateway.refund("o1")).toThrow("there is no fallback for refund");
  });

  test("refuses names that it lacks, and advises a near one", () => {
    gateway.fallback(new InMemoryGateway());
    const wrong = gateway as unknown as { [name: string]: (...args: unknown[]) => unknown };
    expect(() => wrong["stub"]?.("chrage", () => {})).toThrow("has no chrage. Did you mean charge?");
    expect(() => wrong["expect"]?.("void", () => {})).toThrow("has no void, but ");
    expect(() => wrong["calls"]?.("Refund")).toThrow("Did you mean refund?");
    expect(refused(gateway, () => wrong["refunds"]?.())).toContain("Did you mean refund?");
    const early = double<PaymentGateway>("Early") as unknown as Double<{ refnd(): void }>;
    early.stub("refnd", () => {});
    expect(() => control(early as unknown as PaymentGateway).fallback(new InMemoryGateway())).toThrow(
      "refund?",
    );
  });
});

describe("names of the contract and of controls", () => {
  interface Clashing {
    expect(x: number): string;
    calls(): number;
    then(done: (x: number) => void): void;
    toJSON(): string;
    call(x: string): string;
    [Symbol.iterator](): Iterator<number>;
  }

  test("are the contract's as soon as the double knows them, and control() has the controls", async () => {
    const clashing = double<Clashing>("Clashing");
    const { calls, stub } = control(clashing);
    control(clashing).expect("expect", (x) => `expected ${x}`);
    stub("calls", () => 7);
    stub("then", (done) => done(8));
    stub("toJSON", () => "json");
    stub("call", (x) => x);
    stub(Symbol.iterator, () => [1, 2].values());
    expect([clashing.expect(5), clashing.calls(), clashing.call("me")]).toEqual(["expected 5", 7, "me"]);
    expect(JSON.stringify({ clashing })).toBe('{"clashing":"json"}');
    expect([[...clashing], await clashing]).toEqual([[1, 2], 8]);
    expect([calls("expect"), calls("calls")]).toEqual([[[5]], [[]]]);
  });

  test("are looked up by others without being calls", async () => {
    expect(await gateway).toBe(gateway);
    expect(JSON.stringify({ gateway })).toBe("{}");
    expect(`${gateway} ${inspect({ gateway })}`).toBe(
      "double PaymentGateway { gateway: [double PaymentGateway] }",
    );
    expect(() => expect(gateway).toBe(1)).toThrow("[Function double PaymentGateway]");
    expect(() => expect({ gateway }).toEqual({ gateway: {} })).toThrow();
    expect(gateway.charge).toBe(gateway.charge);
    expect("charge" in gateway).toBe(false);
    gateway.stub("charge", async () => ({ id: "" }));
    expect("charge" in gateway).toBe(true);
    gateway.verify();
    expect(() => Object.assign(gateway, { charge: 1 })).toThrow("stub charge");
    expect(() => control({})).toThrow("control() takes a double");
  });
});

test("a single function needs no names", async () => {
  const rate = double<(x: number) => Promise<string>>("rate");
  rate.expect(async (x) => `${x}%`).stub(async () => "stubbed");
  expect([await rate(5), await rate(6)]).toEqual(["5%", "stubbed"]);
  expect(rate.calls()).toEqual([[5], [6]]);
  rate.expect({ times: 0 });
  const { stack } = failure(() => rate(7));
  expect(stack).toMatch(/rate\(7\) came unexpectedly: rate .*\n +at .*double\.test\.ts/);
  expect(failure(() => rate.verify()).message).toContain("rate.rate(7)");
  const passing = double<(x: number) => number>("passing").fallback((x) => x + 1);
  passing.verify();
});

test("a class is a contract by its public members", async () => {
  class Mailer {
    readonly #sent: string[] = [];
    protected prefix = "to ";
    send(to: string) {
      this.#sent.push(this.prefix + to);
      return this.#sent.length;
    }
  }
  const welcome = (mailer: Mailer) => mailer.send("ann");
  const mailer = double<Mailer>("Mailer");
  mailer.fallback(new Mailer()).expect("send", () => 100);
  expect([welcome(mailer), welcome(mailer)]).toEqual([100, 1]);
  expect(() => control(mailer as unknown as { sned(): void }).stub("sned", () => {})).toThrow("mean send?");
});

describe("tests at the same time", () => {
  test("have their own expectations, stubs, fallbacks and calls, also in what they begin", async () => {
    const seen = await Promise.all(
      ["a", "b"].map((own) =>
        withDoubles(async () => {
          gateway.fallback({ charge: async () => ({ id: own }), refund: () => own === "a" });
          await new Promise(setImmediate);
          const charged = await new Promise((resolve) => setTimeout(() => resolve(gateway.charge(order)), 1));
          return [charged, gateway.refund(own), gateway.calls("refund")];
        }),
      ),
    );
    expect(seen).toEqual([
      [{ id: "a" }, true, [["a"]]],
      [{ id: "b" }, false, [["b"]]],
    ]);
  });

  test("fail by what is missing at their end, or by their own error", async () => {
    await expect(withDoubles(() => void gateway.expect("refund", () => true))).rejects.toThrow("came never");
    const failing = withDoubles(() => {
      gateway.expect("refund", () => true);
      throw new Error("its own");
    });
    await expect(failing).rejects.toThrow("its own");
  });

  test("are over for calls that come later", async () => {
    const end = deferred();
    let late: Promise<unknown> | undefined;
    await withDoubles(() => {
      late = end.promise.then(() => gateway.refund("late"));
    });
    end.resolve();
    await expect(late).rejects.toThrow("refund('late') after its test had ended came unexpectedly");
  });

  test("have channels of their own, also for messages of another test", async () => {
    class Room extends Channel {
      override join() {
        this.subscribe("news", (news: string) => {
          this.push("seen", [gateway.refund(news)]);
        });
      }
    }
    const app = createApp({ secret: "a secret for this test of 32 bytes and some more" });
    app.channels("/socket", {}, (socket) => socket.channel("room:1", Room));
    const join = async () => (await connect(app, "/socket")).subscribeAndJoin("room:1");
    const seen = await withDoubles(async () => {
      gateway.stub("refund", () => true);
      const room = await join();
      await withDoubles(async () => {
        gateway.stub("refund", () => false);
        const own = await join();
        app.publish("news", "both");
        await own.assertPush("seen", [false]);
      });
      await room.assertPush("seen", [true]);
      return gateway.calls("refund");
    });
    expect(seen).toEqual([["both"]]);
  });
});
