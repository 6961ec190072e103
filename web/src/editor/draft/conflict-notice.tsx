import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { Problem } from "../../components/problem.tsx";
import { readDraft, type StoredDraft } from "../../drafts/draft-api.ts";
import type { DraftSaver, SavedBy } from "../../drafts/draft-saver.ts";
import type { Draft } from "../../drafts/draft.ts";
import { RelativeTime } from "../../time/moment.tsx";
import { useNow } from "../../time/now.ts";
import { SourceDiff } from "../versions/source-diff.tsx";

/** Another client saved the edited draft: shows the differences and lets the user choose. */
export function ConflictNotice({
  workflowId,
  by,
  saver,
  mine,
}: {
  readonly workflowId: string;
  /** Who saved the other draft; `undefined` if it was deleted. */
  readonly by: SavedBy | undefined;
  readonly saver: DraftSaver;
  readonly mine: Draft;
}) {
  const [isComparing, setComparing] = useState(false);
  const now = useNow(true, 10_000);
  const theirs = useQuery({
    queryKey: ["conflicting-draft", workflowId, by?.updatedAt],
    queryFn: async () => (await readDraft(workflowId)) ?? null,
    gcTime: 0,
  });
  return (
    <section className="conflict" aria-label="Conflict">
      <div className="row">
        <p className="grow" role="alert">
          {by === undefined ? (
            "This draft was deleted by another client. Your copy is unchanged."
          ) : (
            <>
              <strong>{by.updatedBy}</strong> saved a newer draft <RelativeTime at={by.updatedAt} now={now} />
              . Your changes are preserved. Choose a version.
            </>
          )}
        </p>
        {by === undefined ? null : (
          <Button size="small" onClick={() => setComparing(!isComparing)}>
            {isComparing ? "Hide changes" : "Show changes"}
          </Button>
        )}
        <Choice theirs={theirs.data} saver={saver} />
      </div>
      {theirs.error === null ? null : <Problem error={theirs.error} onRetry={() => void theirs.refetch()} />}
      {isComparing && theirs.data != null ? (
        <SourceDiff
          before={theirs.data.draft}
          after={mine}
          beforeName={`draft of ${theirs.data.by.updatedBy}`}
          afterName="your draft"
        />
      ) : null}
    </section>
  );
}

/** `theirs` is `undefined` while loading, and `null` if the draft was deleted. */
function Choice({
  theirs,
  saver,
}: {
  readonly theirs: StoredDraft | null | undefined;
  readonly saver: DraftSaver;
}) {
  if (theirs === null) {
    return (
      <Button size="small" onClick={() => saver.keepMine(undefined)}>
        Keep mine
      </Button>
    );
  }
  const refusal = theirs === undefined ? "Loading the other draft…" : undefined;
  return (
    <>
      <Button
        size="small"
        refusal={refusal}
        onClick={() => theirs !== undefined && saver.loadTheirs(theirs.draft, theirs.etag)}
      >
        Use theirs
      </Button>
      <Button
        size="small"
        refusal={refusal}
        onClick={() => theirs !== undefined && saver.keepMine(theirs.etag)}
      >
        Keep mine
      </Button>
    </>
  );
}
