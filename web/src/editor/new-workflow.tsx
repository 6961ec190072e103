import { useState } from "react";
import { Button } from "../components/button.tsx";
import { Empty } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { saveDraft } from "../drafts/draft-api.ts";
import { useRefusal } from "../session/session.tsx";
import { firstDraft } from "../workflows/templates.ts";

/** Shown if the workflow has neither a draft nor a version: creates its draft. */
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
    const result = await saveDraft(workflowId, firstDraft("typescript"), undefined);
    if (result.kind === "refused") setError(result.error);
    else if (result.kind === "unreachable") setError(new Error("Cannot reach the server. Try again."));
    else onCreated();
  };
  return (
    <div className="page">
      <Empty
        title={`Workflow ${workflowId} not found`}
        action={
          <Button kind="primary" icon="plus" refusal={refusal} onClick={() => void begin()}>
            Create {workflowId}
          </Button>
        }
      >
        Create a draft from a template that runs. Nothing is deployed until you deploy it.
      </Empty>
      {error === undefined ? null : <Problem error={error} />}
    </div>
  );
}
