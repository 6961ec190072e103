import { useState } from "react";
import { Button } from "../components/button.tsx";
import { Empty } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { saveDraft } from "../drafts/draft-api.ts";
import { useRefusal } from "../session/session.tsx";
import { templates } from "../workflows/templates.ts";

/** There is neither a draft nor a version under this id: a draft is what begins a workflow. */
export function NewWorkflow({
  workflowId,
  onCreated,
}: {
  readonly workflowId: string;
  readonly onCreated: () => void;
}) {
  const [error, setError] = useState<unknown>();
  const refusal = useRefusal("workflows:deploy", workflowId);
  const begin = async () => {
    const result = await saveDraft(workflowId, firstDraft, undefined);
    if (result.kind === "refused") setError(result.error);
    else if (result.kind === "unreachable")
      setError(new Error("Duranium does not answer. Try again in a moment."));
    else onCreated();
  };
  return (
    <div className="page">
      <Empty
        title={`There is no workflow ${workflowId} yet`}
        action={
          <Button kind="primary" icon="plus" refusal={refusal} onClick={() => void begin()}>
            Begin {workflowId}
          </Button>
        }
      >
        Begin it with a few lines that run as they are. Nothing is deployed before you say so.
      </Empty>
      {error === undefined ? null : <Problem error={error} />}
    </div>
  );
}

const firstDraft = { entry: "workflow.ts", files: { "workflow.ts": templates[0]?.source ?? "" } };
