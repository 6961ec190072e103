import type { Attributes } from "@opentelemetry/api";

export interface SpanSubject {
  readonly workflowId?: string | undefined;
  readonly version?: number | undefined;
  readonly executionId?: string | undefined;
}

/** The workflow, version and execution of a span, under the same names on every span. */
export function executionAttributes({ workflowId, version, executionId }: SpanSubject): Attributes {
  return {
    ...(workflowId === undefined ? {} : { "duranium.workflow.id": workflowId }),
    ...(version === undefined ? {} : { "duranium.workflow.version": version }),
    ...(executionId === undefined ? {} : { "duranium.execution.id": executionId }),
  };
}
