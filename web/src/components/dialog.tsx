import { useId, useLayoutEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { Form } from "./form.tsx";
import "./dialog.css";

/**
 * A modal dialog with a form. It closes when `onSubmit` resolves, with Escape, or with its buttons. If `onSubmit` rejects, it stays open and shows the error.
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
  /** Label of the submit button; without it there is none. */
  readonly submit?: string;
  readonly danger?: boolean;
  /** Uses the width of the window, for example for a comparison. */
  readonly wide?: boolean;
  /** Stays open after submitting, to show the outcome. */
  readonly staysOpen?: boolean;
  /** Why submitting is disabled, as a sentence. */
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
    // Browsers restore the focus when a dialog is closed, but not when it is unmounted.
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
