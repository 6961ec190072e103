import type { Answer, PendingRequest } from "../contract/preview.ts";
import type { VirtualClock } from "../clock/virtual-clock.ts";

/** The requests of a run that wait for an answer of the user. */
export interface PendingRequests {
  readonly open: readonly PendingRequest[];
  /**
   * Waits for an answer, while time stands still.
   *
   * @throws the reason of `signal` once it aborts
   */
  ask(pending: PendingRequest, signal: AbortSignal): Promise<Answer>;
  /** Does nothing if the request is not pending. */
  answer(step: number, answer: Answer): void;
}

export function createPendingRequests(
  clock: VirtualClock,
  { onChange, onAnswered }: { readonly onChange: () => void; readonly onAnswered: (step: number) => void },
): PendingRequests {
  const asked = new Map<
    number,
    { readonly pending: PendingRequest; readonly resolve: (answer: Answer) => void }
  >();
  let open: readonly PendingRequest[] = [];

  function changed(): void {
    open = Array.from(asked.values(), ({ pending }) => pending);
    onChange();
  }

  return {
    get open() {
      return open;
    },
    async ask(pending, signal) {
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      const giveUp = () => reject(signal.reason);
      signal.addEventListener("abort", giveUp, { once: true });
      asked.set(pending.step, { pending, resolve });
      changed();
      try {
        const answer = await clock.park(promise);
        onAnswered(pending.step);
        return answer;
      } finally {
        signal.removeEventListener("abort", giveUp);
        if (asked.get(pending.step)?.pending === pending) asked.delete(pending.step);
        changed();
      }
    },
    answer: (step, answer) => asked.get(step)?.resolve(answer),
  };
}
