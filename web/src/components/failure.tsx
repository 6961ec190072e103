import type { ReactNode } from "react";
import "./failure.css";

/** Why something failed: name, message, code and the author's frames. */
export function FailureView({
  failure,
  children,
}: {
  readonly failure: {
    readonly name: string;
    readonly message: string;
    readonly code?: string;
    readonly stack?: string;
  };
  /** The place in the source, where it is known. */
  readonly children?: ReactNode;
}) {
  const frames = failure.stack?.split("\n").filter((line) => line.trim() !== "") ?? [];
  return (
    <div className="failure">
      <p className="failure-message">
        <strong>{failure.name}</strong>
        {failure.message === "" ? null : `: ${failure.message}`}
      </p>
      {failure.code === undefined ? null : <p className="failure-code">{failure.code}</p>}
      {children}
      {frames.length === 0 ? null : <pre className="failure-stack">{frames.join("\n")}</pre>}
    </div>
  );
}
