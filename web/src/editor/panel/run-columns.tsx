import type { ReactNode } from "react";

/** The input of a run, and beside it, if there is space, its outcome. */
export function RunColumns({ input, children }: { readonly input: ReactNode; readonly children: ReactNode }) {
  return (
    <div className="run-columns">
      <div className="run-input">{input}</div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scroll areas must be focusable */}
      <div className="run-output" role="region" aria-label="Outcome" tabIndex={0}>
        {children}
      </div>
    </div>
  );
}
