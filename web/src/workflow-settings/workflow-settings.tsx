import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { api } from "../api.ts";
import { Button } from "../components/button.tsx";
import { Confirm } from "../components/confirm.tsx";
import { Loading } from "../components/loading.tsx";
import { Empty, Section } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { useToast } from "../components/toast.tsx";
import { hasDraft } from "../editor/draft/draft-api.ts";
import { readWorkflow } from "../editor/versions/versions-api.ts";
import { useRefusal } from "../session/session.tsx";
import { EgressSettings } from "./egress.tsx";
import { Hooks } from "./hooks.tsx";
import { LimitSettings } from "./limits.tsx";
import { RetentionSettings } from "./retention.tsx";
import { Secrets } from "./secrets.tsx";
import { useSettings } from "./use-settings.ts";

/** What is set for a workflow, whatever its version. */
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
      <Loading what="the settings" />
    ) : (
      <Problem error={error} onRetry={() => void refetch()} />
    );
  }
  // Nothing can be set, or deleted, of a workflow that nobody has begun.
  if (!isKnown) return <NothingBegun workflowId={workflowId} />;
  return (
    <div className="stack loose">
      <Hooks workflowId={workflowId} />
      <Secrets workflowId={workflowId} />
      <Settings workflowId={workflowId} />
      <Removal workflowId={workflowId} />
    </div>
  );
}

function NothingBegun({ workflowId }: { readonly workflowId: string }) {
  return (
    <Empty
      title={`There is no workflow ${workflowId} yet`}
      action={
        <Link className="button" data-kind="primary" href={`/workflows/${workflowId}/editor`}>
          To the editor
        </Link>
      }
    >
      It is begun in the editor. Its hooks, secrets and limits are set here then.
    </Empty>
  );
}

function Settings({ workflowId }: { readonly workflowId: string }) {
  const { data, error, refetch } = useSettings(workflowId);
  const refusal = useRefusal("workflows:deploy", workflowId);
  const removalRefusal = useRefusal("executions:manage", workflowId);
  if (data === undefined) {
    return error === null ? (
      <Loading what="the settings" />
    ) : (
      <Problem error={error} onRetry={() => void refetch()} />
    );
  }
  return (
    <>
      <EgressSettings workflowId={workflowId} settings={data} refusal={refusal} />
      <LimitSettings workflowId={workflowId} settings={data} refusal={refusal} />
      <RetentionSettings workflowId={workflowId} settings={data} refusal={refusal ?? removalRefusal} />
    </>
  );
}

function Removal({ workflowId }: { readonly workflowId: string }) {
  const [isAsked, setAsked] = useState(false);
  const refusal = useRefusal("workflows:deploy", workflowId);
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const toast = useToast();
  const remove = async () => {
    const params = { path: { workflowId } };
    // The draft goes with its workflow. There may be either without the other.
    if ((await readWorkflow(workflowId)) !== null) await api.delete("/workflows/{workflowId}", { params });
    else if (await hasDraft(workflowId)) await api.delete("/workflows/{workflowId}/draft", { params });
    await queries.invalidateQueries({ queryKey: ["workflows"] });
    await queries.invalidateQueries({ queryKey: ["drafts"] });
    toast.done(`The workflow ${workflowId} is gone.`);
    navigate("/workflows");
  };
  return (
    <Section
      title="Delete the workflow"
      about="Its versions and its draft are gone, and it can be executed no more. Executions under way go on to their ends."
    >
      <div className="row">
        <Button icon="trash" kind="danger" refusal={refusal} onClick={() => setAsked(true)}>
          Delete {workflowId}…
        </Button>
      </div>
      {isAsked ? (
        <Confirm
          title={`Delete ${workflowId}?`}
          action="Delete the workflow"
          onConfirm={remove}
          onClose={() => setAsked(false)}
        >
          This cannot be taken back.
        </Confirm>
      ) : null}
    </Section>
  );
}
