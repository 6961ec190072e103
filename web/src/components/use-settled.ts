import { useEffect, useState } from "react";

/** The pause in typing after which a text is used. */
const settleMs = 300;

/** A text that is being typed, as it was at the last pause. */
export function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), settleMs);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
