import { useEffect, useId, useRef, useState } from "react";
import type { ReactNode } from "react";
import "./popover.css";

/**
 * A button with a panel of fields. The first field gets the focus; Escape and a click outside close it. On phones the
 * panel is at the bottom of the window.
 */
export function Popover({
  label,
  className,
  button,
  align = "start",
  children,
}: {
  /** Accessible name of the panel. */
  readonly label: string;
  readonly className: string;
  readonly button: ReactNode;
  /** The edge of the button that the panel is aligned with. */
  readonly align?: "start" | "end";
  readonly children: (close: () => void) => ReactNode;
}) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    if (!isOpen) return undefined;
    root.current?.querySelector<HTMLElement>(focusable)?.focus();
    const closeOutside = ({ target }: Event) => {
      if (!root.current?.contains(target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", closeOutside);
    return () => document.removeEventListener("pointerdown", closeOutside);
  }, [isOpen]);
  const close = () => {
    setOpen(false);
    document.getElementById(`${id}-button`)?.focus();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- Escape is handled for the controls within
    <div
      className="popover"
      ref={root}
      onKeyDown={(event) => {
        if (!isOpen || event.key !== "Escape") return;
        event.stopPropagation();
        close();
      }}
    >
      <button
        id={`${id}-button`}
        type="button"
        className={className}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {button}
      </button>
      {isOpen ? (
        <div id={id} className="popover-panel" data-align={align} role="dialog" aria-label={label}>
          {children(close)}
        </div>
      ) : null}
    </div>
  );
}

const focusable = ".popover-panel :is(input, select, textarea, button)";
