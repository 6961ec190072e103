import { useState } from "react";
import type { PreviewClient, ReplayedRecording } from "#preview/contract/preview.ts";
import { deleteFile, type Draft, isSameDraft } from "../../drafts/draft.ts";
import { type Case, casesOf } from "./case-files.ts";

/** The cases of the draft, and how it did on them. */
export interface Cases {
  readonly cases: readonly Case[];
  /** By path; empty before the first run. */
  readonly results: ReadonlyMap<string, ReplayedRecording>;
  /** Why they could not be run, as a sentence. */
  readonly problem: string | undefined;
  readonly isUnderWay: boolean;
  /** Whether the draft has changed since they were run. */
  readonly isOutdated: boolean;
  readonly failed: number;
  readonly run: () => void;
  readonly remove: (path: string) => void;
}

interface Ran {
  readonly draft: Draft;
  readonly results: Cases["results"];
  readonly problem?: string;
  readonly isUnderWay: boolean;
}

export function useCases(
  draft: Draft,
  replay: PreviewClient["replay"],
  onEdit: (draft: Draft) => void,
): Cases {
  const [ran, setRan] = useState<Ran>();
  const cases = casesOf(draft);
  const run = async () => {
    setRan({ draft, results: new Map(), isUnderWay: true });
    try {
      const texts = cases.map(({ text }) => text);
      const items = await replay(draft, texts);
      const results = new Map(
        cases.flatMap(({ path }, at) => [[path, items[at] ?? { why: "Not run" }] as const]),
      );
      setRan({ draft, results, isUnderWay: false });
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      setRan({ draft, results: new Map(), problem, isUnderWay: false });
    }
  };
  const results = ran?.results ?? new Map<string, ReplayedRecording>();
  return {
    cases,
    results,
    problem: ran?.problem,
    isUnderWay: ran?.isUnderWay ?? false,
    isOutdated: ran !== undefined && !isSameDraft(ran.draft, draft),
    failed: cases.filter(({ path }) => hasFailed(results.get(path))).length,
    run: () => void run(),
    remove: (path) => onEdit(deleteFile(draft, path)),
  };
}

function hasFailed(result: ReplayedRecording | undefined): boolean {
  return result !== undefined && !("outcome" in result && result.outcome === "same");
}
