import { useEffect, useState } from "react";

/** The current time in milliseconds since the Unix epoch, updated while `isTicking`. */
export function useNow(isTicking = true, everyMs = 1_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isTicking) return undefined;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [isTicking, everyMs]);
  return now;
}
