/** Arrivals of a client's actors, whatever becomes of their connection: against what a reader of the guide would expect. */
import { useFakeTimers } from "@overwire/test-support/fake-timers";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { presence, type Tracked } from "../view/presence.ts";
import { ActorPresences } from "./actor-presences.ts";
import { Presences } from "./presences.ts";
import { PresentClient } from "./tracked.ts";

useFakeTimers();

const GRACE = 5000;
const lobby = presence("lobby");

interface Arrival {
  readonly key: string;
  readonly actor: number;
  readonly tracked: Tracked<object>;
  /** It counts as there. */
  isThere: boolean;
  version: number;
}

class Model {
  readonly presences = new Presences(undefined, { graceTime: GRACE }, () => {});
  readonly #client = new PresentClient(this.presences);
  readonly #actors = new Map<number, { presences: ActorPresences; ends: Set<() => void> }>();
  #arrivals: Arrival[] = [];
  /** Those whose actor ended while the connection was lost: they count as there until the grace is over. */
  readonly #lingering = new Set<Arrival>();
  #isJoined = false;
  /** Milliseconds that are left to a lost connection. */
  #grace = 0;
  #version = 0;

  track(actor: number, key: string): void {
    const own = this.#arrivals.find((each) => each.actor === actor && each.key === key);
    const { presences } = this.#actor(actor);
    const version = ++this.#version;
    const track = () => presences.track(lobby, key, { version }, "Actor");
    if (own) return expect(track).toThrow("already");
    this.#arrivals.push({ key, actor, tracked: track(), isThere: this.#isJoined, version });
  }

  update(pick: number): void {
    const own = this.#arrivals[pick % this.#arrivals.length];
    if (!own) return;
    own.version = ++this.#version;
    own.tracked.update({ version: own.version });
  }

  untrack(pick: number): void {
    const own = this.#arrivals[pick % this.#arrivals.length];
    if (!own) return;
    own.tracked.untrack();
    this.#arrivals = this.#arrivals.filter((each) => each !== own);
    expect(() => own.tracked.update({})).toThrow("was untracked");
  }

  end(actor: number): void {
    for (const end of this.#actors.get(actor)?.ends ?? []) end();
    this.#actors.delete(actor);
    for (const own of this.#arrivals.filter((each) => each.actor === actor))
      if (own.isThere && this.#grace > 0) this.#lingering.add(own);
    this.#arrivals = this.#arrivals.filter((each) => each.actor !== actor);
  }

  join(): void {
    this.#client.joined();
    this.#isJoined = true;
    this.#grace = 0;
    this.#lingering.clear();
    for (const own of this.#arrivals) own.isThere = true;
  }

  lose(): void {
    this.#client.lost();
    if (!this.#isJoined) return;
    this.#isJoined = false;
    if (this.#arrivals.length) this.#grace = GRACE;
  }

  gone(): void {
    this.#client.gone();
    this.#isJoined = false;
    this.#over();
  }

  pass(milliseconds: number): void {
    vi.advanceTimersByTime(milliseconds);
    if (this.#grace === 0) return;
    this.#grace -= milliseconds;
    if (this.#grace <= 0) this.#over();
  }

  #over(): void {
    this.#grace = 0;
    this.#lingering.clear();
    for (const own of this.#arrivals) own.isThere = false;
  }

  get expected(): string[] {
    const there = [...this.#arrivals.filter((own) => own.isThere), ...this.#lingering];
    return there.map(({ key, version }) => `${key} ${version}`).sort();
  }

  get actual(): string[] {
    const list = this.presences.find(lobby)?.list() ?? [];
    return list
      .flatMap(({ key, metas }) => metas.map((meta) => `${key} ${Reflect.get(meta, "version")}`))
      .sort();
  }

  #actor(number: number) {
    const ends = new Set<() => void>();
    const made = this.#actors.get(number) ?? {
      ends,
      presences: new ActorPresences(this.#client, (stop) => {
        ends.add(stop);
        return () => {
          if (ends.delete(stop)) stop();
        };
      }),
    };
    this.#actors.set(number, made);
    return made;
  }
}

const steps = fc.array(
  fc.record({
    what: fc.constantFrom(
      "track",
      "track",
      "update",
      "untrack",
      "end",
      "join",
      "join",
      "lose",
      "gone",
      "pass",
    ),
    actor: fc.nat(2),
    key: fc.constantFrom("a", "b"),
    pick: fc.nat(9),
    time: fc.constantFrom(1000, 4000, GRACE),
  }),
  { maxLength: 40 },
);

test("exactly those are there whose client is, or was until a moment ago", () => {
  fc.assert(
    fc.property(steps, (all) => {
      const model = new Model();
      for (const { what, actor, key, pick, time } of all) {
        if (what === "track") model.track(actor, key);
        else if (what === "update" || what === "untrack") model[what](pick);
        else if (what === "end") model.end(actor);
        else if (what === "pass") model.pass(time);
        else model[what]();
        expect(model.actual).toEqual(model.expected);
      }
      for (const actor of [0, 1, 2]) model.end(actor);
      model.pass(GRACE);
      expect(model.actual).toEqual([]);
      expect(vi.getTimerCount()).toBe(0);
    }),
    { numRuns: 500 },
  );
});
