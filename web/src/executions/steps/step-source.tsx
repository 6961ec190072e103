import type { Execution } from "#client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { Loading } from "../../components/loading.tsx";
import { SourceView } from "../../components/source-view.tsx";
import type { LineKind, LineMark, SourceLine } from "../../components/source-view.tsx";
import type { TimelineStep } from "../../components/step.ts";
import { count } from "../../model/plural.ts";
import { versionQuery } from "../../model/versions-api.ts";
import { useRefusal } from "../../session/session.tsx";
import type { CallSite, Stepping } from "./stepping.ts";
import type { SteppingState } from "./use-stepping.ts";

/** Where the workflow made a step: its line, the lines that called it, and those of what else was outstanding. */
export function StepSource({
  execution: { workflowId, version },
  step,
  state,
  onSelect,
}: {
  readonly execution: Execution;
  readonly step: TimelineStep;
  readonly state: SteppingState;
  readonly onSelect: (step: TimelineStep) => void;
}) {
  const refusal = useRefusal("workflows:read", workflowId);
  const { stepping, reason, isLoading, load } = state;
  const stack = framesOf(stepping?.stackOf(step) ?? []);
  const { data, error } = useQuery({
    ...versionQuery(workflowId, version ?? 0),
    enabled: refusal === undefined && version !== undefined && stack.length > 0,
    retry: false,
  });
  if (load !== undefined) {
    return (
      <div className="row">
        <span className="faint">This execution has large results.</span>
        <Button size="small" onClick={load}>
          Find the source line
        </Button>
      </div>
    );
  }
  if (isLoading || (stack.length > 0 && data === undefined && error === null && refusal === undefined))
    return (
      <div className="step-source-space">
        <Loading what="source line" />
      </div>
    );
  if (stepping === undefined || stack.length === 0) {
    return <NoSource reason={reason ?? missingReason(step, stepping)} />;
  }
  const files = data?.source.files;
  if (files === undefined) {
    const why = refusal ?? `The source of version ${version} is no longer stored.`;
    return (
      <>
        <NoSource reason={why} />
        <p className="mono small">{stack.map(frameText).join(" ← ")}</p>
      </>
    );
  }
  return <Source files={files} step={step} stack={stack} stepping={stepping} onSelect={onSelect} />;
}

/** A callback is in the line of the function that passes it, which is enough. */
function framesOf(stack: readonly CallSite[]): readonly CallSite[] {
  return stack.filter(({ file, line }, place) => {
    const caller = stack[place + 1];
    return caller === undefined || caller.file !== file || caller.line !== line;
  });
}

function missingReason({ name }: TimelineStep, stepping: Stepping | undefined): string {
  if (stepping === undefined) return "The execution has not been replayed.";
  return `"${name}" was not made by a line of the workflow, or is too recent.`;
}

function NoSource({ reason }: { readonly reason: string }) {
  return <p className="soft small">The source line is not available. {reason}</p>;
}

function Source({
  files,
  step,
  stack,
  stepping,
  onSelect,
}: {
  readonly files: Readonly<Record<string, string>>;
  readonly step: TimelineStep;
  readonly stack: readonly CallSite[];
  readonly stepping: Stepping;
  readonly onSelect: (step: TimelineStep) => void;
}) {
  const [frame, setFrame] = useState(0);
  const shown = stack[frame] ?? stack[0];
  if (shown === undefined) return null;
  const kinds = lineKinds(
    stack,
    stepping.outstandingAt(step).map((other) => stepping.stackOf(other)[0]),
  );
  const markOf = (place: SourceLine): LineMark | undefined => {
    const made = stepping.stepsAt(place.file, place.line);
    if (made.length === 0) return undefined;
    // Those after the selected step come first, so that repeated clicks visit them all.
    const next = made.find(({ index }) => index > step.index) ?? made[0];
    return {
      text: made.length === 1 ? "●" : made.length > 999 ? "999+" : String(made.length),
      label: `${count(made.length, "step")} made here: select the next one`,
      onClick: () => next !== undefined && onSelect(next),
    };
  };
  return (
    <section className="step-source" aria-label="Source">
      <ol className="step-frames" aria-label="Call stack">
        {stack.map((site, place) => (
          // oxlint-disable-next-line react/no-array-index-key -- a function may call itself
          <li key={place}>
            <button type="button" aria-pressed={place === frame} onClick={() => setFrame(place)}>
              {frameText(site)}
            </button>
          </li>
        ))}
      </ol>
      <SourceView files={files} shown={shown} kindOf={(place) => kinds.get(keyOf(place))} markOf={markOf} />
    </section>
  );
}

/** The line of the step takes precedence over those of its callers, and those over the others. */
function lineKinds(
  stack: readonly CallSite[],
  others: readonly (CallSite | undefined)[],
): ReadonlyMap<string, LineKind> {
  const kinds = new Map<string, LineKind>();
  for (const site of others) if (site !== undefined) kinds.set(keyOf(site), "other");
  for (const site of stack.slice(1)) kinds.set(keyOf(site), "caller");
  if (stack[0] !== undefined) kinds.set(keyOf(stack[0]), "here");
  return kinds;
}

function keyOf({ file, line }: SourceLine): string {
  return `${file}:${line}`;
}

function frameText({ function: name, file, line }: CallSite): string {
  return `${name === undefined ? "" : `${name} `}${file}:${line}`;
}
