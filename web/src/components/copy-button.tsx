import { useState } from "react";
import { Icon } from "./icon.tsx";
import { useToast } from "./toast.tsx";

/** Copies a text to the clipboard and confirms it. */
export function CopyButton({
  text,
  what,
  showsWhat = false,
}: {
  readonly text: () => string;
  readonly what: string;
  /** Whether `what` is visible, not only for screen readers. */
  readonly showsWhat?: boolean;
}) {
  const [isDone, setDone] = useState(false);
  const toast = useToast();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setDone(true);
      setTimeout(() => setDone(false), 1_500);
    } catch {
      toast.error(new Error("Clipboard access denied. Select the text and copy it."));
    }
  };
  return (
    <button
      type="button"
      className="button copy"
      data-kind="quiet"
      data-size="small"
      onClick={() => void copy()}
    >
      <Icon name={isDone ? "check" : "copy"} size={14} />
      <span>
        {isDone ? "Copied" : "Copy"}
        <span className={showsWhat ? undefined : "visually-hidden"}> {what}</span>
      </span>
    </button>
  );
}
