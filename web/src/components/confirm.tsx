import type { ReactNode } from "react";
import { Dialog } from "./dialog.tsx";

/** Asks before something is done that cannot be taken back. */
export function Confirm({
  title,
  action,
  onConfirm,
  onClose,
  children,
}: {
  readonly title: string;
  /** What the button says. */
  readonly action: string;
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Dialog title={title} submit={action} danger onSubmit={onConfirm} onClose={onClose}>
      <div>{children}</div>
    </Dialog>
  );
}
