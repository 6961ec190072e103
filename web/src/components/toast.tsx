import { useSyncExternalStore } from "react";
import { describe } from "../api.ts";
import { Icon } from "./icon.tsx";
import "./toast.css";

interface Toast {
  readonly id: number;
  readonly kind: "done" | "error";
  readonly text: string;
}

const shownMs = { done: 5_000, error: 12_000 };

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

/** Shows toasts for successes and errors, which screen readers announce. */
export const toast = {
  done: (text: string) => show("done", text),
  error: (error: unknown) => show("error", describe(error).detail),
};

export function useToast(): typeof toast {
  return toast;
}

/** The region of toasts. It is always mounted, because screen readers only announce changes of live regions. */
export function ToastRegion() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, kind, text }) => (
        <div key={id} className="toast" data-kind={kind}>
          <Icon name={kind === "done" ? "check" : "alert"} />
          <span className="grow">{text}</span>
          <button type="button" aria-label="Dismiss" onClick={() => dismiss(id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}

function show(kind: Toast["kind"], text: string): void {
  const id = ++lastId;
  change([...toasts.slice(-3), { id, kind, text }]);
  setTimeout(() => dismiss(id), shownMs[kind]);
}

function dismiss(id: number): void {
  change(toasts.filter((toast) => toast.id !== id));
}

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
