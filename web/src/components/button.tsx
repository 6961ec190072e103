import { useId } from "react";
import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icon.tsx";
import "./button.css";

export interface ButtonProps {
  readonly children: ReactNode;
  readonly onClick?: () => void;
  readonly kind?: "primary" | "plain" | "quiet" | "danger";
  readonly type?: "button" | "submit";
  readonly icon?: IconName;
  /** Why the button is disabled, as a sentence. It stays focusable, so that the reason can be read. */
  readonly refusal?: string | undefined;
  /** Shown while the pointer is over the button, such as its keyboard shortcut. */
  readonly hint?: string;
  /** Whether its action is in progress. */
  readonly busy?: boolean;
  readonly size?: "small" | "normal";
  readonly ref?: React.Ref<HTMLButtonElement>;
}

export function Button({
  children,
  onClick,
  kind = "plain",
  type = "button",
  icon,
  refusal,
  hint,
  busy = false,
  size = "normal",
  ref,
}: ButtonProps) {
  const reason = useId();
  const isOff = refusal !== undefined || busy;
  return (
    <>
      <button
        ref={ref}
        type={type}
        className="button"
        data-kind={kind}
        data-size={size}
        aria-disabled={isOff || undefined}
        aria-describedby={refusal === undefined ? undefined : reason}
        title={refusal ?? hint}
        onClick={(event) => {
          if (isOff) event.preventDefault();
          else onClick?.();
        }}
      >
        {busy ? <span className="spinner" aria-hidden /> : icon === undefined ? null : <Icon name={icon} />}
        {children}
      </button>
      {refusal === undefined ? null : (
        <span id={reason} hidden>
          {refusal}
        </span>
      )}
    </>
  );
}
