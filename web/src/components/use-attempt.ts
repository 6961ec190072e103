import { useState } from "react";

/** A user action that may fail. */
export interface Attempt {
  /** Whether it is in progress. */
  readonly isBusy: boolean;
  /** The error of the last attempt; `undefined` if it succeeded. */
  readonly error: unknown;
  /** Starts it, unless it is in progress. */
  readonly attempt: () => void;
}

/** @param act rejects with the error, which is kept until the next attempt */
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
