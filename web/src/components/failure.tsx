import type { ReactNode } from "react";
import "./failure.css";

interface ShownFailure {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: ShownFailure;
  readonly errors?: readonly ShownFailure[];
}

/** A failure: name, message, code, frames in the author's files, and causes. */
export function FailureView({
  failure,
  children,
}: {
  readonly failure: ShownFailure;
  /** The place in the source, if known. */
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
      <InnerFailures failure={failure} />
    </div>
  );
}

function InnerFailures({ failure: { cause, errors = [] } }: { readonly failure: ShownFailure }) {
  const inner = [
    ...(cause === undefined ? [] : [["Caused by", cause] as const]),
    ...errors.map((error, index) => [`Error ${index + 1} of ${errors.length}`, error] as const),
  ];
  return inner.map(([label, failure]) => (
    <section key={label} className="failure-inner" aria-label={label}>
      <p className="failure-code">{label}</p>
      <FailureView failure={failure} />
    </section>
  ));
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
