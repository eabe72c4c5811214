/** Signs of life of a connection: asks for them, and tells when none comes. */

export interface HeartbeatTimer {
  /** The connection opens: it is dead if it takes longer. */
  opening(timeout: number): void;
  opened(): void;
  /** Asks for a sign of life, which may take so long. */
  ask(wait: number): void;
  heard(): void;
  stop(): void;
}

/** @param send asks the server @param dead called when there was no sign of life */
export function createHeartbeat(interval: number, send: () => void, dead: () => void): HeartbeatTimer {
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Something was heard since the last question. */
  let isHeard = false;

  const watch = (wait: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => (isHeard ? ask(interval) : dead()), wait);
  };
  const ask = (wait: number) => {
    isHeard = false;
    send();
    watch(wait);
  };

  return {
    opening(timeout) {
      isHeard = false;
      watch(timeout);
    },
    opened() {
      isHeard = true;
      watch(interval);
    },
    ask,
    heard() {
      isHeard = true;
    },
    stop: () => clearTimeout(timer),
  };
}
