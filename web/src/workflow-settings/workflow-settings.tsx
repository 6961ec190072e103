import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { Loading } from "../components/loading.tsx";
import { Empty } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { hasDraft } from "../drafts/draft-api.ts";
import { readWorkflow } from "../model/versions-api.ts";
import { useRefusal } from "../session/session.tsx";
import { EgressSettings } from "./egress.tsx";
import { FlowControlSettings } from "./flow/flow-settings.tsx";
import { LimitSettings } from "./limits.tsx";
import { Removal } from "./removal.tsx";
import { RequestRateSettings } from "./rates/request-rates.tsx";
import { DeployRequirement } from "./replay/deploy-requirement.tsx";
import { RedactionSettings } from "./replay/redaction.tsx";
import { RetentionSettings } from "./retention.tsx";
import { Secrets } from "./secrets.tsx";
import { TracingSettings } from "./tracing.tsx";
import { useSettings } from "./use-settings.ts";
import { Webhooks } from "./webhooks.tsx";

/** The settings of a workflow, for all of its versions. */
export function WorkflowSettings({ workflowId }: { readonly workflowId: string }) {
  const {
    data: isKnown,
    error,
    refetch,
  } = useQuery({
    queryKey: ["known-workflow", workflowId],
    queryFn: async () => (await readWorkflow(workflowId)) !== null || (await hasDraft(workflowId)),
  });
  if (isKnown === undefined) {
    return error === null ? (
      <Loading what="settings" />
    ) : (
      <Problem error={error} onRetry={() => void refetch()} />
    );
  }
  // A workflow that does not exist has no settings and cannot be deleted.
  if (!isKnown) return <NothingStarted workflowId={workflowId} />;
  return (
    <div className="stack loose">
      <Webhooks workflowId={workflowId} />
      <Secrets workflowId={workflowId} />
      <Settings workflowId={workflowId} />
      <Removal workflowId={workflowId} />
    </div>
  );
}

function NothingStarted({ workflowId }: { readonly workflowId: string }) {
  return (
    <Empty
      title={`Workflow ${workflowId} not found`}
      action={
        <Link className="button" data-kind="primary" href={`/workflows/${workflowId}/editor`}>
          Open editor
        </Link>
      }
    >
      Create it in the editor. Then set its webhooks, secrets and limits here.
    </Empty>
  );
}

function Settings({ workflowId }: { readonly workflowId: string }) {
  const { data, error, refetch } = useSettings(workflowId);
  const refusal = useRefusal("workflows:deploy", workflowId);
  const removalRefusal = useRefusal("executions:manage", workflowId);
  if (data === undefined) {
    return error === null ? (
      <Loading what="settings" />
    ) : (
      <Problem error={error} onRetry={() => void refetch()} />
    );
  }
  return (
    <>
      <FlowControlSettings workflowId={workflowId} settings={data} refusal={refusal} />
      <EgressSettings workflowId={workflowId} settings={data} refusal={refusal} />
      <RequestRateSettings workflowId={workflowId} settings={data} refusal={refusal} />
      <LimitSettings workflowId={workflowId} settings={data} refusal={refusal} />
      <TracingSettings workflowId={workflowId} settings={data} refusal={refusal} />
      <DeployRequirement workflowId={workflowId} settings={data} refusal={refusal} />
      <RedactionSettings workflowId={workflowId} settings={data} refusal={refusal} />
      <RetentionSettings workflowId={workflowId} settings={data} refusal={refusal ?? removalRefusal} />
    </>
  );
}
