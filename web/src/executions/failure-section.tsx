import type { Execution, Failure } from "#client";
import { Link } from "wouter";
import { FailureView } from "../components/failure.tsx";
import { Section } from "../components/page.tsx";
import { useExecution } from "./queries.ts";
import { placeOf, SourceLine } from "./source-line.tsx";

/** The failure of an execution with its source line, and for a failed call also the failure of the child execution. */
export function FailureSection({ execution }: { readonly execution: Execution }) {
  const { failure, status } = execution;
  if (failure === undefined) return null;
  if (status === "cancelled") {
    return (
      <Section title="Cancellation">
        <p className="soft">{failure.message}</p>
      </Section>
    );
  }
  return (
    <section aria-label="Failure">
      <ExecutionFailure execution={execution} failure={failure} />
    </section>
  );
}

function ExecutionFailure({
  execution,
  failure,
}: {
  readonly execution: Execution;
  readonly failure: Failure;
}) {
  const { workflowId, version } = execution;
  const place = placeOf(failure.stack);
  const call = failedCallOf(execution, failure);
  return (
    <>
      <FailureView failure={failure}>
        {call === undefined ? null : <CalledFailure call={call} />}
        {call === undefined || place === undefined ? null : <p className="failure-code">Called here</p>}
        {place === undefined || version === undefined ? null : (
          <SourceLine workflowId={workflowId} version={version} place={place} />
        )}
      </FailureView>
    </>
  );
}

interface FailedCall {
  readonly child: NonNullable<Execution["steps"][number]["child"]>;
  readonly error: Failure;
}

/** The call whose failure is that of the execution or its cause. */
function failedCallOf({ steps }: Execution, failure: Failure): FailedCall | undefined {
  for (let thrown: Failure | undefined = failure; thrown !== undefined; thrown = thrown.cause) {
    const { name, message } = thrown;
    const step = steps.findLast(({ error }) => error?.name === name && error.message === message);
    if (step?.child !== undefined && step.error !== undefined)
      return { child: step.child, error: step.error };
  }
  return undefined;
}

/** The failure of a child execution with its source line. */
function CalledFailure({ call: { child, error } }: { readonly call: FailedCall }) {
  const { data } = useExecution(child.executionId);
  return (
    <section className="failure-inner" aria-label={`Failure of ${child.workflowId}`}>
      <p className="failure-code">
        Failed in the child execution{" "}
        <Link href={`/executions/${child.executionId}`}>{child.workflowId}</Link>
      </p>
      {data?.failure === undefined ? (
        <FailureView failure={error} />
      ) : (
        <ExecutionFailure execution={data} failure={data.failure} />
      )}
    </section>
  );
}
