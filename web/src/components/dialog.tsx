import { useId, useLayoutEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { Form } from "./form.tsx";
import "./dialog.css";

/**
 * A modal dialog with a form. What `onSubmit` rejects with is shown in it, and it stays open; it closes when that has
 * resolved, with Escape, and with its own buttons.
 */
export function Dialog({
  title,
  submit,
  danger = false,
  wide = false,
  staysOpen = false,
  refusal,
  onSubmit,
  onClose,
  children,
}: {
  readonly title: string;
  /** What the button says; without it there is nothing to submit. */
  readonly submit?: string;
  readonly danger?: boolean;
  /** For what needs the width of the window, such as a comparison. */
  readonly wide?: boolean;
  /** It shows what came of it, and is closed by its button or with Escape only. */
  readonly staysOpen?: boolean;
  /** Why it cannot be submitted yet, as a sentence. */
  readonly refusal?: string | undefined;
  readonly onSubmit?: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const id = useId();
  useLayoutEffect(() => {
    // Whatever had the focus gets it back from the browser when a dialog is closed, but not when it is taken away.
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  const submitForm = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await onSubmit?.();
      if (!staysOpen) onClose();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <dialog
      ref={dialog}
      className="dialog"
      data-wide={wide || undefined}
      aria-labelledby={id}
      onCancel={onClose}
    >
      <Form
        className="dialog-form"
        error={error}
        heading={<h2 id={id}>{title}</h2>}
        onSubmit={() => {
          if (!isBusy && refusal === undefined) void submitForm();
        }}
      >
        {children}
        <div className="dialog-buttons">
          <Button onClick={onClose}>{submit === undefined ? "Close" : "Back"}</Button>
          {submit === undefined ? null : (
            <Button type="submit" kind={danger ? "danger" : "primary"} busy={isBusy} refusal={refusal}>
              {submit}
            </Button>
          )}
        </div>
      </Form>
    </dialog>
  );
}
