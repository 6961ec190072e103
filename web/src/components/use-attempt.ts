import { useState } from "react";

/** Something that is done when somebody says so, and may fail. */
export interface Attempt {
  /** Whether it is under way. */
  readonly isBusy: boolean;
  /** What the last one failed with; `undefined` where it did not. */
  readonly error: unknown;
  /** Begins it, unless it is under way. */
  readonly attempt: () => void;
}

/** @param act what it rejects with is the error, until the next attempt begins */
export function useAttempt(act: () => Promise<void>): Attempt {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const run = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await act();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const attempt = () => {
    if (!isBusy) void run();
  };
  return { isBusy, error, attempt };
}
