import { ProblemError } from "#client";
import { api, hasCode } from "../api.ts";
import type { SavedBy, SaveResult } from "./draft-saver.ts";
import type { Draft } from "./draft.ts";

/** What the server has of a draft. */
export interface StoredDraft {
  readonly draft: Draft;
  /** What a later save says to mean this state of it. */
  readonly etag: string;
  readonly by: SavedBy;
}

/** `undefined` where there is none: that is asked first, as the draft itself would be answered with an error. */
export async function readDraft(workflowId: string): Promise<StoredDraft | undefined> {
  if (!(await hasDraft(workflowId))) return undefined;
  try {
    const { body, response } = await api.send("get", "/workflows/{workflowId}/draft", {
      params: { path: { workflowId } },
    });
    // Only a request with If-None-Match is answered without one.
    if (body === undefined) return undefined;
    const { updatedAt, updatedBy } = body;
    return { draft: sourceOf(body), etag: etagOf(response), by: { updatedAt, updatedBy } };
  } catch (error) {
    // Somebody has discarded it just now.
    if (hasCode(error, "draft-not-found")) return undefined;
    throw error;
  }
}

export async function hasDraft(workflowId: string): Promise<boolean> {
  const { items } = await api.get("/drafts", { params: { query: { workflow: workflowId } } });
  return items.length > 0;
}

/** `etag` is that of the draft which may be written over; `undefined` where there may be none. */
export async function saveDraft(
  workflowId: string,
  draft: Draft,
  etag: string | undefined,
): Promise<SaveResult> {
  const condition =
    etag === undefined ? ({ "if-none-match": "*" } as const) : ({ "if-match": etag } as const);
  try {
    const { response } = await api.send("put", "/workflows/{workflowId}/draft", {
      params: { path: { workflowId }, header: condition },
      body: sourceOf(draft),
    });
    return { kind: "saved", etag: etagOf(response) };
  } catch (error) {
    return resultOf(error);
  }
}

function resultOf(error: unknown): SaveResult {
  if (!(error instanceof ProblemError)) {
    return { kind: "refused", error: error instanceof Error ? error : new Error(String(error)) };
  }
  if (error.code === "draft-conflict") return { kind: "conflict", by: lastEditorOf(error.problem) };
  const mayPass = error.code === "unreachable" || error.status >= 500 || error.status === 429;
  return mayPass ? { kind: "unreachable" } : { kind: "refused", error };
}

/** The problem document of a conflict says who saved; nobody did where the draft was deleted. */
function lastEditorOf(problem: object | undefined): SavedBy | undefined {
  const { updatedBy, updatedAt } = (problem ?? {}) as Partial<SavedBy>;
  return updatedBy === undefined || updatedAt === undefined ? undefined : { updatedBy, updatedAt };
}

function etagOf(response: Response): string {
  return response.headers.get("etag") ?? "";
}

/** Only what a source has, out of what has more. */
export function sourceOf({ files, entry, dependencies }: Draft): Draft {
  return { files, entry, ...(dependencies === undefined ? {} : { dependencies }) };
}
