/** Runs of one event that meet, with everything around them: app, page, client. */
import { type Deferred, deferred } from "@overwire/test-support/deferred";
import { live } from "@overwire/testing";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { createApp } from "../../app.ts";
import { html } from "../../template/html.ts";
import { memo } from "../../template/memo.ts";
import { LiveComponent } from "../live-component.ts";
import { LiveView } from "../live-view.ts";
import { type EventRun, MOST_PARALLEL } from "./concurrency.ts";

/** Answers by question, each to be given by the test. */
class Answers {
  readonly #all = new Map<string, Deferred<string>>();
  of(question: string) {
    let answer = this.#all.get(question);
    if (!answer) this.#all.set(question, (answer = deferred()));
    return answer;
  }
}

/** Presses without waiting for the answer, as the driver's own actions do. A button that has none yet is not pressed again. */
const press = (view: { container: HTMLElement }, text: string) => {
  const buttons = [...view.container.querySelectorAll("button")];
  buttons.find((button) => button.textContent === text)?.click();
};

const until = (condition: () => boolean) => vi.waitUntil(condition, { interval: 5 });

const question = z.object({ q: z.string() });

test("latest: a newer call stops the run before it, and only its answer is shown", async () => {
  const answers = new Answers();
  const signals: AbortSignal[] = [];
  const after: string[] = [];
  class Search extends LiveView {
    hits = "nothing";
    search = this.event(
      question,
      async ({ q }, { signal, wanted }) => {
        signals.push(signal);
        this.hits = await wanted(answers.of(q).promise);
        after.push(q);
      },
      { overlap: "latest" },
    );
    render() {
      return html`<p>${this.hits}</p>${["a", "b"].map((q) => html`<button phx-click=${this.search({ q })}>${q}</button>`)}`;
    }
  }
  const view = await live(Search);
  press(view, "a");
  await until(() => signals.length === 1);
  press(view, "b");
  await until(() => signals.length === 2);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  expect(signals[0]?.reason).toMatchObject({ name: "AbortError" });

  answers.of("b").resolve("of b");
  await view.settled();
  expect(view.text("p")).toBe("of b");
  answers.of("a").resolve("of a");
  expect(await view.settled()).toContain("of b");
  expect(after).toEqual(["b"]);
});

test("latest: what an older run cleans up comes before the newer run begins", async () => {
  const answers = new Answers();
  const log: string[] = [];
  class Search extends LiveView {
    busy = false;
    search = this.event(
      question,
      async ({ q }, { wanted }) => {
        log.push(`${q} begins`);
        this.busy = true;
        try {
          await wanted(answers.of(q).promise);
        } finally {
          this.busy = false;
          log.push(`${q} ends`);
        }
      },
      { overlap: "latest" },
    );
    render() {
      return html`<p>${this.busy ? "busy" : "idle"}</p>${["a", "b"].map((q) => html`<button phx-click=${this.search({ q })}>${q}</button>`)}`;
    }
  }
  const view = await live(Search);
  press(view, "a");
  press(view, "b");
  await until(() => log.includes("b begins"));
  expect(log).toEqual(["a begins", "a ends", "b begins"]);
  expect(view.instance.busy).toBe(true);
  answers.of("b").resolve("");
  await view.settled();
  expect(view.text("p")).toBe("idle");
});

test("latest: the view shows what a handler did before its first await, and handles others meanwhile", async () => {
  const answer = deferred<string>();
  class Search extends LiveView {
    state = "idle";
    count = 0;
    search = this.event(
      async (_, { wanted }) => {
        this.state = "searching";
        this.state = await wanted(answer.promise);
      },
      { overlap: "latest" },
    );
    inc = this.event(() => {
      this.count++;
    });
    render() {
      return html`<p>${this.state} ${this.count}</p><button phx-click=${this.search}>search</button><button phx-click=${this.inc}>+</button>`;
    }
  }
  const view = await live(Search);
  press(view, "search");
  await until(() => view.text("p") === "searching 0");
  press(view, "+");
  await until(() => view.text("p") === "searching 1");
  answer.resolve("found");
  await view.settled();
  expect(view.text("p")).toBe("found 1");
});

test("latest: the newest run's reply reaches the page, that of one whose place was taken does not", async () => {
  const answers = new Answers();
  class Search extends LiveView {
    begun = 0;
    search = this.event(
      question,
      ({ q }) => {
        this.begun++;
        // It does not ask whether it is wanted.
        return answers.of(q).promise;
      },
      { overlap: "latest" },
    );
    render() {
      return html`${["a", "b"].map((q) => html`<button phx-click=${this.search({ q })}>${q}</button>`)}`;
    }
  }
  const view = await live(Search);
  press(view, "a");
  press(view, "b");
  await until(() => view.instance.begun === 2);
  answers.of("a").resolve("old");
  answers.of("b").resolve("new");
  await view.settled();
  expect(await view.assertReply()).toBe("new");
});

test("latest: what the newest run throws ends the view; what an older one throws once it is stopped does not", async () => {
  const answers = new Answers();
  class Search extends LiveView {
    begun = 0;
    search = this.event(
      question,
      async ({ q }) => {
        this.begun++;
        await answers.of(q).promise;
      },
      { overlap: "latest" },
    );
    render() {
      return html`<p>${this.begun}</p>${["a", "b"].map((q) => html`<button phx-click=${this.search({ q })}>${q}</button>`)}`;
    }
  }
  const view = await live(Search);
  press(view, "a");
  press(view, "b");
  await until(() => view.instance.begun === 2);
  answers.of("a").reject(new Error("too late"));
  answers.of("b").resolve("");
  await view.settled();
  expect(view.text("p")).toBe("2");

  const clicked = view.element("button", "b").click();
  answers.of("b");
  await expect(clicked).resolves.toContain("3");
  const failing = view.element("button", "a").click();
  await expect(failing).rejects.toThrow(/crashed in search.*too late/);
});

test("latest: a call with a payload that does not fit stops nothing", async () => {
  const answer = deferred<string>();
  let signal: AbortSignal | undefined;
  class Search extends LiveView {
    hits = "";
    search = this.event(
      question,
      async (_, run) => {
        signal = run.signal;
        this.hits = await run.wanted(answer.promise);
      },
      { overlap: "latest" },
    );
    render() {
      return html`<p>${this.hits}</p><button phx-click=${this.search({ q: "a" })}>a</button><button phx-click="search">wrong</button>`;
    }
  }
  const view = await live(Search);
  press(view, "a");
  await until(() => signal !== undefined);
  press(view, "wrong");
  answer.resolve("found");
  await view.settled();
  expect(signal?.aborted).toBe(false);
  expect(view.text("p")).toBe("found");
});

test("parallel: runs go on side by side, each shown when it is done", async () => {
  const answers = new Answers();
  class Jobs extends LiveView {
    done: string[] = [];
    begun = 0;
    start = this.event(
      question,
      async ({ q }) => {
        this.begun++;
        const answer = await answers.of(q).promise;
        this.done = [...this.done, answer];
      },
      { overlap: "parallel" },
    );
    render() {
      return html`<p>${this.done.join()}</p>${["a", "b"].map((q) => html`<button phx-click=${this.start({ q })}>${q}</button>`)}`;
    }
  }
  const view = await live(Jobs);
  press(view, "a");
  press(view, "b");
  await until(() => view.instance.begun === 2);
  answers.of("b").resolve("second");
  await until(() => view.text("p") === "second");
  answers.of("a").resolve("first");
  await view.settled();
  expect(view.instance.done).toEqual(["second", "first"]);
});

test("parallel: more than enough wait for one to be done", async () => {
  const jobs: (() => void)[] = [];
  const numbers = Array.from({ length: MOST_PARALLEL + 2 }, (_, index) => index);
  class Jobs extends LiveView {
    start = this.event(() => new Promise<void>((resolve) => jobs.push(resolve)), { overlap: "parallel" });
    render() {
      return html`${numbers.map((number) => html`<button phx-click=${this.start}>${number}</button>`)}`;
    }
  }
  const view = await live(Jobs);
  for (const number of numbers) press(view, `${number}`);
  await until(() => jobs.length === MOST_PARALLEL);
  jobs[0]?.();
  await until(() => jobs.length === MOST_PARALLEL + 1);
  jobs[1]?.();
  await until(() => jobs.length === MOST_PARALLEL + 2);
  for (const finish of jobs) finish();
  await view.settled();
});

test("queue, the default: the next call waits, and the signal fires when the view ends", async () => {
  const answer = deferred<string>();
  const runs: EventRun[] = [];
  class Slow extends LiveView {
    save = this.event(async (_, run) => {
      runs.push(run);
      await run.wanted(answer.promise);
    });
    render() {
      return html`<button phx-click=${this.save}>save</button>`;
    }
  }
  const view = await live(Slow);
  press(view, "save");
  press(view, "save");
  await until(() => runs.length === 1);
  expect(runs[0]?.signal.aborted).toBe(false);
  await view.close();
  expect(runs[0]?.signal.aborted).toBe(true);
  expect(runs).toHaveLength(1);
});

test("a signal without a listener while its handler runs never fires afterwards", async () => {
  let run: EventRun | undefined;
  class View extends LiveView {
    save = this.event((_, given) => {
      run = given;
    });
    render() {
      return html`<button phx-click=${this.save}>save</button>`;
    }
  }
  const view = await live(View);
  await view.element("button").click();
  await view.close();
  expect(run?.signal.aborted).toBe(false);
});

test("a component that is removed stops its runs; its view lives on", async () => {
  const never = deferred<string>();
  const signals: AbortSignal[] = [];
  class Job extends LiveComponent {
    quick = this.event(
      async (_, { signal, wanted }) => {
        signals.push(signal);
        await wanted(never.promise);
      },
      { overlap: "latest" },
    );
    beside = this.event(
      async (_, { signal, wanted }) => {
        signals.push(signal);
        await wanted(never.promise);
      },
      { overlap: "parallel" },
    );
    render() {
      return html`<div><button phx-click=${this.quick}>quick</button><button phx-click=${this.beside}>beside</button></div>`;
    }
  }
  class View extends LiveView {
    shown = true;
    hide = this.event(() => {
      this.shown = false;
    });
    render() {
      return html`<button phx-click=${this.hide}>hide</button>${this.shown && html`<${Job} id="job" />`}`;
    }
  }
  const view = await live(View);
  press(view, "quick");
  press(view, "beside");
  await until(() => signals.length === 2);
  press(view, "hide");
  await view.settled();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  expect(view.hasElement("#job")).toBe(false);
});

test("a component that stands in a memo shows what its run has changed", async () => {
  const answers = new Answers();
  class Search extends LiveComponent {
    hits = "nothing";
    search = this.event(
      async (_, { wanted }) => {
        this.hits = "searching";
        this.hits = await wanted(answers.of(this.id).promise);
      },
      { overlap: "latest" },
    );
    render() {
      return html`<div id=${this.id}><p>${this.hits}</p><button phx-click=${this.search}>${this.id}</button></div>`;
    }
  }
  class View extends LiveView {
    render() {
      return html`<main>${memo([], () => html`<${Search} id="a" /><${Search} id="b" />`)}</main>`;
    }
  }
  const view = await live(View);
  press(view, "a");
  press(view, "b");
  await until(() => view.text("#b p") === "searching");
  answers.of("a").resolve("found");
  await until(() => view.text("#a p") === "found");
  answers.of("b").resolve("found");
  await view.settled();
  expect(view.text("#b p")).toBe("found");
});

test("a run beside the mailbox sends the page elsewhere, with a message, in view and component", async () => {
  const leave = async (view: LiveView | LiveComponent, { wanted }: EventRun) => {
    await wanted(Promise.resolve());
    view.putFlash("info", "saved");
    view.pushNavigate("/saved");
    return "reply";
  };
  class Part extends LiveComponent {
    save = this.event((_, run) => leave(this, run), { overlap: "latest" });
    render() {
      return html`<div><button phx-click=${this.save}>in a component</button></div>`;
    }
  }
  class View extends LiveView {
    save = this.event((_, run) => leave(this, run), { overlap: "parallel" });
    render() {
      return html`<button phx-click=${this.save}>in the view</button><${Part} id="part" />`;
    }
  }
  for (const where of ["in the view", "in a component"]) {
    const view = await live(View);
    await view.element("button", where).click();
    expect(await view.assertRedirect("/saved")).toMatchObject({ kind: "navigate", flash: { info: "saved" } });
  }
});

test("a promise that was wanted and not awaited does no harm when its run is stopped", async () => {
  const answers = new Answers();
  class Search extends LiveView {
    begun = 0;
    search = this.event(
      question,
      async ({ q }, { wanted }) => {
        this.begun++;
        void wanted(answers.of("never").promise);
        await answers.of(q).promise;
        if (q === "a") void wanted(Promise.reject(new Error("nobody wants to know")));
      },
      { overlap: "latest" },
    );
    render() {
      return html`${["a", "b"].map((q) => html`<button phx-click=${this.search({ q })}>${q}</button>`)}`;
    }
  }
  const view = await live(Search);
  press(view, "a");
  press(view, "b");
  await until(() => view.instance.begun === 2);
  // Vitest fails if a rejection is left over.
  answers.of("a").resolve("");
  answers.of("b").resolve("");
  await view.settled();
  expect(view.instance.begun).toBe(2);
});

test("hooks stand before events that overlap too", async () => {
  const answer = deferred<string>();
  const passed: string[] = [];
  class Search extends LiveView {
    hits = "";
    override mount() {
      this.attachHook("handleEvent", async (name) => {
        await Promise.resolve();
        passed.push(name);
      });
    }
    search = this.event(
      async (_, { wanted }) => {
        this.hits = await wanted(answer.promise);
      },
      { overlap: "latest" },
    );
    other = this.event(() => {});
    render() {
      return html`<p>${this.hits}</p><button phx-click=${this.search}>search</button><button phx-click=${this.other}>other</button>`;
    }
  }
  const view = await live(Search);
  press(view, "search");
  press(view, "other");
  await until(() => passed.length === 2);
  answer.resolve("found");
  await view.settled();
  expect(passed).toEqual(["search", "other"]);
  expect(view.text("p")).toBe("found");
});

test("runs beside the mailbox count as events that wait: too many are refused", async () => {
  const job = deferred<void>();
  const numbers = Array.from({ length: 10 }, (_, index) => index);
  let runs = 0;
  class Jobs extends LiveView {
    start = this.event(
      () => {
        runs++;
        return job.promise;
      },
      { overlap: "latest" },
    );
    render() {
      return html`${numbers.map((number) => html`<button phx-click=${this.start}>${number}</button>`)}`;
    }
  }
  const refused: string[] = [];
  const app = createApp({
    secret: "x".repeat(32),
    limits: { queuedEvents: 5 },
    report: ({ message }) => void refused.push(message),
  });
  app.live("/", Jobs);
  const view = await live(app, "/");
  for (const number of numbers) press(view, `${number}`);
  await until(() => runs + refused.length === numbers.length);
  expect(refused[0]).toBe("more than 5 events wait for their turn");
  job.resolve();
  await view.settled();
  // The limit, and the one whose turn it was.
  expect(runs).toBeLessThanOrEqual(6);
});

test("an overlap that there is not is told at once", () => {
  class View extends LiveView {
    save = this.event(() => {}, { overlap: "newest" as "latest" });
    render() {
      return html``;
    }
  }
  expect(() => new View()).toThrow(
    'There is no overlap "newest" for an event: choose queue, latest, parallel.',
  );
});
