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
  /**
   * Deploys the draft. It rejects only if the workflow requires a replay check that has not passed, or the reason to skip
   * it is invalid; other errors are in `failure` and `problems`.
   *
   * @param skipReason why the required check is skipped, for the audit log
   */
  readonly start: (skipReason?: string) => Promise<void>;
  /** The note of the next version, kept until a deploy succeeds. */
  readonly note: string;
  readonly setNote: (note: string) => void;
  readonly isUnderWay: boolean;
  /** Why the last deploy failed, as a sentence. */
  readonly failure: string | undefined;
  /** Problems and warnings of the last deploy, while their files are unchanged. */
  readonly problems: readonly EditorProblem[];
}

interface Sent {
  readonly source: Draft;
  readonly skipReason?: string;
}

/** The query parameter with the reason. */
export const skipParameter = "skip-replay-check";

/** Whether a deploy was refused until a replay check passes or a valid reason is given. */
function isAboutCheck(error: unknown): boolean {
  if (!(error instanceof ProblemError)) return false;
  return (
    error.code === "replay-check-required" ||
    error.errors.some(({ parameter }) => parameter === skipParameter)
  );
}

/**
 * Deploys the draft, and then reloads the workflow and its versions.
 *
 * @param onProblems called when a deploy has found problems or warnings
 */
export function useDeploy(workflowId: string, draft: Draft, onProblems: () => void): Deploy {
  const queries = useQueryClient();
  const refresh = useRefresh(workflowId);
  const toast = useToast();
  const [note, setNote] = useState("");
  const {
    mutateAsync,
    isPending,
    error,
    data: deployed,
    variables: { source: sent } = {},
  } = useMutation({
    mutationFn: async ({ source, skipReason }: Sent): Promise<DeployedVersion> =>
      await api.post("/workflows/{workflowId}/deploy", {
        params: {
          path: { workflowId },
          ...(skipReason === undefined ? {} : { query: { [skipParameter]: skipReason } }),
        },
        body: { ...sourceOf(source), note },
      }),
    onError: (error) => {
      if (problemsOfDeploy(error).length > 0) onProblems();
    },
    onSuccess: async (deployed, { source }) => {
      if (warningsOf(deployed).length > 0) onProblems();
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
    start: async (skipReason) => {
      try {
        await mutateAsync({ source: draft, ...(skipReason === undefined ? {} : { skipReason }) });
      } catch (error) {
        if (isAboutCheck(error)) throw error;
      }
    },
    note,
    setNote,
    isUnderWay: isPending,
    failure: isAboutCheck(error) ? undefined : failureSummary(error, problems),
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
