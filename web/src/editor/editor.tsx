import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useSearch } from "wouter";
import { Loading } from "../components/loading.tsx";
import { Problem } from "../components/problem.tsx";
import { readDraft, sourceOf } from "../drafts/draft-api.ts";
import type { DraftSaverOptions } from "../drafts/draft-saver.ts";
import { versionQuery, workflowQuery } from "../model/versions-api.ts";
import { leaveDraft, unsavedDraft } from "./draft/open-drafts.ts";
import { NewWorkflow } from "./new-workflow.tsx";
import { recordingQuery } from "./recorded/recording-query.ts";
import { Workbench, type WorkbenchProps } from "./workbench.tsx";

/** The editor: write, preview, deploy and execute a workflow. */
export function Editor({ workflowId }: { readonly workflowId: string }) {
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: ["editor", workflowId],
    queryFn: async () => await readWhatToEdit(queries, workflowId),
    // The edited draft is never replaced by a refetch. Changes of other clients are conflicts, or loaded on focus.
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  if (data === undefined) {
    if (error === null) return <Loading what="draft" />;
    return (
      <div className="page">
        <Problem error={error} onRetry={() => void refetch()} />
      </div>
    );
  }
  if (data === null) return <NewWorkflow workflowId={workflowId} onCreated={() => void refetch()} />;
  return <EditorOfDraft workflowId={workflowId} initial={data} />;
}

/** With `?recording=inv_…`, previews run on the recording of that execution; with `&answer=3`, that answer is open for a change. */
function EditorOfDraft({ workflowId, initial }: Omit<WorkbenchProps, "recording">) {
  const executionId = new URLSearchParams(useSearch()).get("recording");
  const { data, error, refetch } = useQuery(recordingQuery(executionId));
  const isMissing = executionId !== null && data === undefined;
  if (isMissing && error === null) return <Loading what="recording" />;
  if (isMissing) {
    return (
      <div className="page">
        <Problem error={error} onRetry={() => void refetch()} />
        <Link href={`/workflows/${workflowId}/editor`}>Open the editor without the recording</Link>
      </div>
    );
  }
  return <Workbench workflowId={workflowId} initial={initial} recording={data} />;
}

/**
 * The unsaved draft, else the stored draft, else the source of the current version; `null` if there is none.
 */
async function readWhatToEdit(
  queries: QueryClient,
  workflowId: string,
): Promise<Omit<DraftSaverOptions, "save"> | null> {
  // The user may return while earlier changes are still being saved.
  await leaveDraft(workflowId);
  const unsaved = unsavedDraft(workflowId)?.snapshot();
  if (unsaved !== undefined) return unsaved;
  const stored = await readDraft(workflowId);
  if (stored !== undefined) return stored;
  const workflow = await queries.fetchQuery(workflowQuery(workflowId));
  if (workflow?.currentVersion === undefined) return null;
  const version = await queries.fetchQuery(versionQuery(workflowId, workflow.currentVersion));
  return { draft: sourceOf(version.source), etag: undefined };
}
