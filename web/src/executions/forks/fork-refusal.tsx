import { ProblemError } from "#client";
import { Link } from "wouter";
import { SourceLine } from "../source-line.tsx";

/** Where the version of a fork differs from the steps that it would reuse. */
export interface Difference {
  readonly version: number;
  readonly file: string;
  readonly line: number;
}

/** Reads the place of the difference from the refusal; undefined for another error, and if the place is not known. */
export function differenceOf(error: unknown, recordedVersion: number | undefined): Difference | undefined {
  if (!(error instanceof ProblemError) || error.code !== "fork-refused") return undefined;
  const version = /on version (\d+): /.exec(error.detail)?.[1];
  const [, omits, file, line] =
    /: (this version does not make )?step \d+(?: is another one)? at ([^\s:]+):(\d+)\n/.exec(error.detail) ??
    [];
  if (version === undefined || file === undefined) return undefined;
  // A step that the version leaves out has a line in the recorded version alone.
  const shown = omits === undefined ? Number(version) : recordedVersion;
  return shown === undefined ? undefined : { version: shown, file, line: Number(line) };
}

/** The line of a difference, with a link to the version. */
export function ForkRefusal({
  workflowId,
  difference: { version, file, line },
}: {
  readonly workflowId: string;
  readonly difference: Difference;
}) {
  return (
    <div className="stack tight">
      <SourceLine workflowId={workflowId} version={version} place={{ file, line, column: 1 }} />
      <p className="small">
        <Link href={`/workflows/${workflowId}/versions`}>Compare the versions of {workflowId}</Link>
      </p>
    </div>
  );
}
