import { useEffect, useState } from "react";

/** The time, looked at again and again while `isTicking`. Milliseconds since the Unix epoch. */
export function useNow(isTicking = true, everyMs = 1_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isTicking) return undefined;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [isTicking, everyMs]);
  return now;
}
