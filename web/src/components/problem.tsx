import { useEffect, useRef } from "react";
import { describe } from "../api.ts";
import { Icon } from "./icon.tsx";
import "./problem.css";

/**
 * An error with an optional retry button.
 *
 * @param details replaces the detail of the error, unless empty
 */
export function Problem({
  error,
  details = [],
  onRetry,
}: {
  readonly error: unknown;
  readonly details?: readonly string[];
  readonly onRetry?: () => void;
}) {
  const { title, detail, code } = describe(error);
  const shown = useRef<HTMLDivElement>(null);
  // It may be out of view above a long form.
  useEffect(() => {
    shown.current?.scrollIntoView({ block: "nearest" });
  }, []);
  return (
    <div ref={shown} className="problem" role="alert">
      <Icon name="alert" />
      <div className="grow">
        <p className="problem-title">{title}</p>
        {(details.length === 0 ? [detail] : details).map((each) =>
          each === title ? null : <p key={each}>{each}</p>,
        )}
        {code === undefined ? null : <p className="problem-code">{code}</p>}
      </div>
      {onRetry === undefined ? null : (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
