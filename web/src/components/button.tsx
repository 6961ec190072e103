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
  /** Why it cannot be pressed now, as a sentence. It can still be reached, so that the reason can be read. */
  readonly refusal?: string | undefined;
  /** What it began is under way. */
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
        title={refusal}
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
