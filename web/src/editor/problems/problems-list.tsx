import { Icon } from "../../components/icon.tsx";
import type { Place } from "../monaco/code-editor.tsx";
import { count } from "../../model/plural.ts";
import type { EditorProblem } from "./problems.ts";
import "./problems.css";

/** The list of problems, each a link to its place. */
export function ProblemsList({
  problems,
  onGo,
}: {
  readonly problems: readonly EditorProblem[];
  readonly onGo: (place: Place) => void;
}) {
  if (problems.length === 0) return null;
  return (
    <section className="problems" aria-label="Problems">
      <h2 className="problems-title">{count(problems.length, "problem")}</h2>
      <ul>
        {problems.slice(0, maxShown).map((problem) => (
          <li key={keyOf(problem)}>
            <ProblemLine problem={problem} onGo={onGo} />
          </li>
        ))}
      </ul>
      {problems.length > maxShown ? (
        <p className="soft small">… and {problems.length - maxShown} more.</p>
      ) : null}
    </section>
  );
}

const maxShown = 100;

function ProblemLine({
  problem: { severity, message, source, place, hint },
  onGo,
}: {
  readonly problem: EditorProblem;
  readonly onGo: (place: Place) => void;
}) {
  const text = (
    <>
      <Icon name="alert" />
      <span className="grow">
        <span className="visually-hidden">{severity === "error" ? "Error: " : "Warning: "}</span>
        {message} {hint === undefined ? null : <span className="soft">{hint}</span>}
      </span>
      <span className="problem-place">
        {place === undefined ? source : `${place.path}:${place.line}:${place.column}`}
      </span>
    </>
  );
  if (place === undefined) {
    return (
      <div className="problem-line" data-severity={severity}>
        {text}
      </div>
    );
  }
  return (
    <button
      type="button"
      className="problem-line"
      data-severity={severity}
      onClick={() => onGo({ ...place })}
    >
      {text}
    </button>
  );
}

function keyOf({ message, source, place }: EditorProblem): string {
  return JSON.stringify([source, place, message]);
}
