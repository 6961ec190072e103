import type { ReactNode } from "react";
import "./status.css";

export type BadgeKind = "good" | "bad" | "busy" | "wait" | "warn" | "idle";

/** A state in one word with its colour. */
export function Badge({ kind, children }: { readonly kind: BadgeKind; readonly children: ReactNode }) {
  return (
    <span className="status" data-kind={kind}>
      <span className="status-dot" aria-hidden />
      {children}
    </span>
  );
}
