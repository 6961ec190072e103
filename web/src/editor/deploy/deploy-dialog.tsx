import { useQuery } from "@tanstack/react-query";
import { maxVersionNoteLength } from "#domain/limits.ts";
import { Dialog } from "../../components/dialog.tsx";
import { TextArea } from "../../components/field.tsx";
import { Loading } from "../../components/loading.tsx";
import { Problem } from "../../components/problem.tsx";
import type { Draft } from "../../drafts/draft.ts";
import { versionQuery } from "../../model/versions-api.ts";
import type { Place } from "../monaco/code-editor.tsx";
import { ProblemsList } from "../problems/problems-list.tsx";
import type { EditorProblem } from "../problems/problems.ts";
import { SourceDiff } from "../versions/source-diff.tsx";
import type { Deploy } from "./use-deploy.ts";

/** Shows the changes and problems before a deploy. */
export function DeployDialog({
  workflowId,
  draft,
  currentVersion,
  hasChanges,
  problems,
  deploy,
  onGo,
  onClose,
}: {
  readonly workflowId: string;
  readonly draft: Draft;
  readonly currentVersion: number | undefined;
  readonly hasChanges: boolean;
  readonly problems: readonly EditorProblem[];
  readonly deploy: Pick<Deploy, "note" | "setNote" | "start">;
  readonly onGo: (place: Place) => void;
  readonly onClose: () => void;
}) {
  const isDoubtful = !hasChanges || problems.some(({ severity }) => severity === "error");
  const goTo = (place: Place) => {
    onClose();
    onGo(place);
  };
  return (
    <Dialog
      title={`Deploy ${workflowId}`}
      submit={isDoubtful ? "Deploy anyway" : "Deploy"}
      wide={currentVersion !== undefined && hasChanges}
      onSubmit={async () => await Promise.resolve(deploy.start())}
      onClose={onClose}
    >
      <p>{effectOf(currentVersion, hasChanges)}</p>
      <ProblemsList problems={problems} onGo={goTo} />
      <TextArea
        label="Note"
        value={deploy.note}
        onChange={deploy.setNote}
        rows={2}
        maxLength={maxVersionNoteLength}
        hint="Optional. What this version changes and why. Shown in the list of versions."
      />
      {currentVersion === undefined || !hasChanges ? null : (
        <Changes workflowId={workflowId} currentVersion={currentVersion} draft={draft} />
      )}
    </Dialog>
  );
}

function effectOf(currentVersion: number | undefined, hasChanges: boolean): string {
  if (currentVersion === undefined) return "This deploys the first version.";
  if (!hasChanges)
    return `No changes since version ${currentVersion}. Deploying creates an identical version.`;
  return `New executions run this draft instead of version ${currentVersion}. Running executions keep their version.`;
}

function Changes({
  workflowId,
  currentVersion,
  draft,
}: {
  readonly workflowId: string;
  readonly currentVersion: number;
  readonly draft: Draft;
}) {
  const { data, error } = useQuery(versionQuery(workflowId, currentVersion));
  if (error !== null) return <Problem error={error} />;
  if (data === undefined) return <Loading what="current version" />;
  return (
    <SourceDiff
      before={data.source}
      after={draft}
      beforeName={`version ${currentVersion}`}
      afterName="this draft"
    />
  );
}
