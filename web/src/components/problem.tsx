import { useEffect, useRef } from "react";
import { describe } from "../api.ts";
import { Icon } from "./icon.tsx";
import "./problem.css";

/**
 * An error as a sentence, with what can be done about it.
 *
 * @param details in place of what it says itself, unless empty
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
  // Above a long form it may be out of sight.
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
