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
  const { message, frames } = partsOf(failure);
  return (
    <div className="failure">
      <p className="failure-message">
        <strong>{failure.name}</strong>
        {message === "" ? null : `: ${message}`}
      </p>
      {failure.code === undefined ? null : <p className="failure-code">{failure.code}</p>}
      {children}
      {frames.length === 0 ? null : <pre className="failure-stack">{frames.join("\n")}</pre>}
    </div>
  );
}

/** The failure of a child comes with its name and its frames in the message. */
function partsOf({ name, message, stack = "" }: { name: string; message: string; stack?: string }) {
  const lines = message.split("\n");
  const own = lines.filter((line) => !isFrame(line)).join("\n");
  const frames = [...lines.filter(isFrame), ...stack.split("\n")].filter((line) => line.trim() !== "");
  return { message: own.startsWith(`${name}: `) ? own.slice(name.length + 2) : own, frames };
}

function isFrame(line: string): boolean {
  return /^\s*at .*:\d+:\d+\)?$/.test(line);
}
