import { count } from "../../model/plural.ts";
import type { Cases } from "./use-cases.ts";

/** How the draft did on its cases, in one sentence. Nothing without cases. */
export function CasesStatus({
  cases: { cases, results, failed, problem, isUnderWay, isOutdated },
}: {
  readonly cases: Cases;
}) {
  if (cases.length === 0) return null;
  const text = isUnderWay
    ? `Running ${count(cases.length, "case")}…`
    : problem !== undefined
      ? `Cannot run the cases: ${problem}`
      : results.size === 0
        ? `${count(cases.length, "case")}, not run yet`
        : `${count(results.size, "case")}: ${results.size - failed} passed, ${failed} failed.`;
  return (
    <p role="status">
      {text}
      {isOutdated && !isUnderWay ? <span className="soft"> The draft has changed since.</span> : null}
    </p>
  );
}
