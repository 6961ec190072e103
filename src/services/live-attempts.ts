import { DuraniumError } from "../domain/errors.ts";

/**
 * The attempts that run in this process, by execution.
 *
 * Restate tells an attempt nothing any more once it asked it to suspend, and an attempt with a fetch in flight
 * does not suspend until that has ended: a cancellation would be seen a minute later. So such an attempt is
 * broken off, and the next one sees it at once.
 */
export interface LiveAttempts {
  begin(executionId: string): LiveAttempt;
  /** Breaks the attempt off, unless it knows of the cancellation already. */
  interrupt(executionId: string): void;
}

export interface LiveAttempt extends Disposable {
  /** Rejects with a retryable error when the attempt is broken off. */
  readonly interrupted: Promise<never>;
  /** It knows of the cancellation. */
  sawCancellation(): void;
}

export function createLiveAttempts(): LiveAttempts {
  const interrupts = new Map<string, () => void>();
  return {
    begin(executionId) {
      const { promise: interrupted, reject } = Promise.withResolvers<never>();
      // Whoever does not look at it any more is not to be told.
      interrupted.catch(() => {});
      const interrupt = () => reject(new DuraniumError("internal", "Broken off to see its cancellation"));
      const forget = () => {
        // The next attempt may have begun.
        if (interrupts.get(executionId) === interrupt) interrupts.delete(executionId);
      };
      interrupts.set(executionId, interrupt);
      return { interrupted, sawCancellation: forget, [Symbol.dispose]: forget };
    },
    interrupt: (executionId) => interrupts.get(executionId)?.(),
  };
}
