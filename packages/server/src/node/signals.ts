/** SIGTERM and SIGINT: the first one closes all servers of the process within their deadline, a second one exits at once. */

/** Closes a server. @returns false if its deadline passed before everything had finished */
type Stop = () => Promise<boolean>;

const numbers = { SIGINT: 2, SIGTERM: 15 } as const;
const names = ["SIGINT", "SIGTERM"] as const;

const stops = new Set<Stop>();
let isStopping = false;

/** @returns a function that stops listening to them */
export function stopOnSignals(stop: Stop): () => void {
  if (stops.size === 0) for (const name of names) process.on(name, stopAll);
  stops.add(stop);
  return () => {
    if (!stops.delete(stop) || stops.size > 0 || isStopping) return;
    for (const name of names) process.off(name, stopAll);
  };
}

function stopAll(signal: NodeJS.Signals): void {
  if (isStopping) process.exit(128 + numbers[signal as keyof typeof numbers]);
  isStopping = true;
  void Promise.all([...stops].map((stop) => stop().catch(() => false))).then((all) =>
    process.exit(all.every(Boolean) ? 0 : 1),
  );
}
