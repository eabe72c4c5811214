/** Work that an answer does not wait for, such as mails: so the answer tells nothing by its time. */
export class Background {
  readonly #running = new Set<Promise<void>>();
  readonly #report: (error: unknown) => void;

  /** @param report gets errors of the work, which reach no user */
  constructor(report: (error: unknown) => void = console.error) {
    this.#report = report;
  }

  run(work: () => Promise<unknown>): void {
    const running: Promise<void> = work()
      .catch(this.#report)
      .then(() => void this.#running.delete(running));
    this.#running.add(running);
  }

  /** Resolves when all of it has ended: before the process does, and in tests before they look. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
