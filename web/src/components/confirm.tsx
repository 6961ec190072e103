import { useState } from "react";
import type { ReactNode } from "react";
import { Dialog } from "./dialog.tsx";
import { TextField } from "./field.tsx";

/** Asks for confirmation of an action that cannot be undone. */
export function Confirm({
  title,
  action,
  typed,
  onConfirm,
  onClose,
  children,
}: {
  readonly title: string;
  /** Label of the submit button. */
  readonly action: string;
  /** Text that must be typed to confirm, such as the name of a deleted resource. */
  readonly typed?: string | undefined;
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const [text, setText] = useState("");
  const refusal = typed === undefined || text === typed ? undefined : `Type ${typed} to confirm.`;
  return (
    <Dialog title={title} submit={action} danger refusal={refusal} onSubmit={onConfirm} onClose={onClose}>
      <div className="stack tight">{children}</div>
      {typed === undefined ? null : (
        <TextField
          label={`Type ${typed} to confirm`}
          value={text}
          onChange={setText}
          autoComplete="off"
          mono
        />
      )}
    </Dialog>
  );
}
