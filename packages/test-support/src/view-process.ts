/** A view process without HTTP or sockets, with a client that keeps what it is sent. */
import type { ServerFrame } from "../../client/src/wire/frames.ts";
import { Presences } from "../../server/src/presence/presences.ts";
import { LocalPubSub } from "../../server/src/pubsub/local.ts";
import { defaultLimits, type Limits, type Report } from "../../server/src/runtime/services.ts";
import type { ViewInit } from "../../server/src/runtime/view-init.ts";
import { ViewProcess } from "../../server/src/runtime/view-process.ts";
import type { LiveView, ViewClass } from "../../server/src/view/live-view.ts";
import { FakeSink } from "./fake-sink.ts";

export interface ProcessOptions extends Partial<ViewInit> {
  readonly limits?: Partial<Limits>;
  readonly pubsub?: LocalPubSub;
  readonly presences?: Presences;
  /** Default: reports are kept. */
  readonly report?: (report: Report) => void;
}

/** Has a report fail the test. */
export function throwReport({ message, error }: Report): never {
  throw error ?? new Error(message);
}

/** Creates the process of a view; `start` is up to the test. */
export function createProcess<V extends LiveView>(View: new () => V, options: ProcessOptions = {}) {
  const { limits, pubsub = new LocalPubSub(), presences, report, ...init } = options;
  const reports: Report[] = [];
  const tell = report ?? ((each: Report) => void reports.push(each));
  const viewProcess = new ViewProcess(
    { View: View as ViewClass, url: new URL("http://localhost/"), params: {}, session: {}, ...init },
    {
      pubsub,
      limits: { ...defaultLimits, ...limits },
      presences: presences ?? new Presences(undefined, undefined, tell),
      report: tell,
    },
  );
  const sink = new FakeSink();
  return {
    viewProcess,
    view: viewProcess.view as V,
    reports,
    sink,
    /** @returns the frames since the last call */
    sent: (): ServerFrame[] => sink.take(),
    /** A client joins, or comes back to the view. @returns the frames that it is sent at once */
    join(resumed = false): ServerFrame[] {
      sink.templates.clear();
      viewProcess.attach(1, sink, undefined, resumed);
      return sink.take();
    },
    /** Does something in the view's turn. @returns the frames that the client is sent */
    does(run: (view: V) => unknown): ServerFrame[] {
      viewProcess.post("test", () => run(viewProcess.view as V));
      return sink.take();
    },
  };
}

/** Creates the process of a view and starts it. */
export function startProcess<V extends LiveView>(View: new () => V, options: ProcessOptions = {}) {
  const created = createProcess(View, options);
  created.viewProcess.start();
  return created;
}
