import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { api } from "../api.ts";
import { Button } from "../components/button.tsx";
import { Confirm } from "../components/confirm.tsx";
import { Loading } from "../components/loading.tsx";
import { Section } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { useToast } from "../components/toast.tsx";
import { hasDraft } from "../drafts/draft-api.ts";
import { count } from "../model/plural.ts";
import { readVersions, readWorkflow } from "../model/versions-api.ts";
import { useRefusal } from "../session/session.tsx";

/** Deletes a workflow after its name was typed below the list of what is deleted with it. */
export function Removal({ workflowId }: { readonly workflowId: string }) {
  const [isAsked, setAsked] = useState(false);
  const refusal = useRefusal("workflows:deploy", workflowId);
  return (
    <Section
      title="Delete workflow"
      about="Deletes its versions, webhooks, secrets and draft. Running executions continue."
    >
      <div className="row">
        <Button icon="trash" kind="danger" refusal={refusal} onClick={() => setAsked(true)}>
          Delete {workflowId}…
        </Button>
      </div>
      {isAsked ? <RemovalDialog workflowId={workflowId} onClose={() => setAsked(false)} /> : null}
    </Section>
  );
}

function RemovalDialog({
  workflowId,
  onClose,
}: {
  readonly workflowId: string;
  readonly onClose: () => void;
}) {
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const toast = useToast();
  const remove = async () => {
    await deleteWorkflow(workflowId);
    await Promise.all(
      [["workflows"], ["drafts"]].map(async (queryKey) => await queries.invalidateQueries({ queryKey })),
    );
    toast.done(`Workflow ${workflowId} deleted`);
    navigate("/workflows");
  };
  return (
    <Confirm
      title={`Delete ${workflowId}?`}
      action="Delete workflow"
      typed={workflowId}
      onConfirm={remove}
      onClose={onClose}
    >
      <Losses workflowId={workflowId} />
      <p>
        New executions are rejected, and its webhooks return 404. Running executions continue. This cannot be
        undone.
      </p>
    </Confirm>
  );
}

/** The data that is deleted with the workflow. */
function Losses({ workflowId }: { readonly workflowId: string }) {
  const { data, error } = useQuery({
    queryKey: ["losses", workflowId],
    queryFn: async () => await readLosses(workflowId),
    staleTime: 0,
  });
  if (error !== null) return <Problem error={error} />;
  if (data === undefined) return <Loading what="related data" />;
  return (
    <>
      <p>This deletes:</p>
      <ul className="bullets" aria-label="Deleted with the workflow">
        {data.map((loss) => (
          <li key={loss}>{loss}</li>
        ))}
      </ul>
    </>
  );
}

async function readLosses(workflowId: string): Promise<readonly string[]> {
  const params = { path: { workflowId } };
  const [versions, isDrafted, webhooks, secrets] = await Promise.all([
    readVersions(workflowId, undefined),
    hasDraft(workflowId),
    api.get("/workflows/{workflowId}/webhooks", { params }),
    api.get("/workflows/{workflowId}/secrets", { params }),
  ]);
  const names = secrets.items.map(({ name }) => name);
  const numberOf = versions.items.length;
  return [
    ...(numberOf === 0
      ? []
      : [`${versions.cursor === undefined ? "" : "more than "}${count(numberOf, "version")}`]),
    ...(isDrafted ? ["its draft"] : []),
    ...(webhooks.items.length === 0 ? [] : [count(webhooks.items.length, "webhook")]),
    ...(names.length === 0 ? [] : [`${count(names.length, "secret")}: ${names.join(", ")}`]),
    "its settings and its durable state, when the name is deployed again",
  ];
}

/** The draft is deleted too. Either may exist without the other. */
async function deleteWorkflow(workflowId: string): Promise<void> {
  const params = { path: { workflowId } };
  if ((await readWorkflow(workflowId)) !== null) await api.delete("/workflows/{workflowId}", { params });
  else if (await hasDraft(workflowId)) await api.delete("/workflows/{workflowId}/draft", { params });
}
