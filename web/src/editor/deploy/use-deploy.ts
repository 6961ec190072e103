import { type DeployedVersion, ProblemError } from "#client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api } from "../../api.ts";
import { useToast } from "../../components/toast.tsx";
import { sourceOf } from "../../drafts/draft-api.ts";
import type { Draft } from "../../drafts/draft.ts";
import { count } from "../../model/plural.ts";
import { versionQuery } from "../../model/versions-api.ts";
import { type EditorProblem, problemsOf, stillHolding } from "../problems/problems.ts";

export interface Deploy {
  readonly start: () => void;
  /** The note of the next version, kept until a deploy succeeds. */
  readonly note: string;
  readonly setNote: (note: string) => void;
  readonly isUnderWay: boolean;
  /** Why the last deploy failed, as a sentence. */
  readonly failure: string | undefined;
  /** Problems and warnings of the last deploy, while their files are unchanged. */
  readonly problems: readonly EditorProblem[];
}

/** Deploys the draft, and then reloads the workflow and its versions. */
export function useDeploy(workflowId: string, draft: Draft): Deploy {
  const queries = useQueryClient();
  const refresh = useRefresh(workflowId);
  const toast = useToast();
  const [note, setNote] = useState("");
  const {
    mutate,
    isPending,
    error,
    data: deployed,
    variables: sent,
  } = useMutation({
    mutationFn: async (source: Draft): Promise<DeployedVersion> =>
      await api.post("/workflows/{workflowId}/deploy", {
        params: { path: { workflowId } },
        body: { ...sourceOf(source), note },
      }),
    onSuccess: async (deployed, source) => {
      setNote("");
      toast.done(deploySummary(deployed));
      const { unchanged: _unchanged, warnings: _warnings, ...facts } = deployed;
      const version = { ...facts, current: true, source: sourceOf(source) };
      queries.setQueryData(versionQuery(workflowId, deployed.version).queryKey, version);
      await refresh();
    },
  });
  const problems = useMemo(
    () => stillHolding([...problemsOfDeploy(error), ...warningsOf(deployed)], sent, draft),
    [error, deployed, sent, draft],
  );
  return {
    start: () => mutate(draft),
    note,
    setNote,
    isUnderWay: isPending,
    failure: failureSummary(error, problems),
    problems,
  };
}

function useRefresh(workflowId: string): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    const stale = [["workflow", workflowId], ["versions", workflowId], ["workflows"]];
    await Promise.all(stale.map(async (queryKey) => await queries.invalidateQueries({ queryKey })));
  };
}

function problemsOfDeploy(error: unknown): readonly EditorProblem[] {
  return error instanceof ProblemError ? problemsOf(error.diagnostics, "deploy") : [];
}

function warningsOf(deployed: DeployedVersion | undefined): readonly EditorProblem[] {
  return problemsOf(deployed?.warnings ?? [], "deploy", "warning");
}

/** The list of problems has the details. Once they are all fixed, the message is hidden. */
function failureSummary(error: Error | null, problems: readonly EditorProblem[]): string | undefined {
  if (error === null) return undefined;
  const wereProblems = problemsOfDeploy(error).length > 0;
  if (!wereProblems) return error.message;
  return problems.length === 0
    ? undefined
    : `Deploy failed: ${count(problems.length, "problem")} in the source`;
}

/** Describes a successful deploy. */
function deploySummary({ version, warnings = [], timings }: DeployedVersion): string {
  const ms = Math.round(timings.bundleMs + timings.evaluateMs + timings.imageMs);
  const warned = warnings.length === 0 ? "" : `, with ${count(warnings.length, "warning")}`;
  return `Version ${version} deployed${warned} (${ms} ms)`;
}
