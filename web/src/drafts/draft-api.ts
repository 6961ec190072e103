import { ProblemError } from "#client";
import { api, hasCode } from "../api.ts";
import type { SavedBy, SaveResult } from "./draft-saver.ts";
import type { Draft } from "./draft.ts";

/** A draft stored on the server. */
export interface StoredDraft {
  readonly draft: Draft;
  /** The entity tag that a later save sends as its precondition. */
  readonly etag: string;
  readonly by: SavedBy;
}

/** `undefined` if there is none. Its existence is checked first, because a missing draft would be logged as an error by browsers. */
export async function readDraft(workflowId: string): Promise<StoredDraft | undefined> {
  if (!(await hasDraft(workflowId))) return undefined;
  try {
    const { body, response } = await api.send("get", "/workflows/{workflowId}/draft", {
      params: { path: { workflowId } },
    });
    // Only a request with If-None-Match has a response without a body.
    if (body === undefined) return undefined;
    const { updatedAt, updatedBy } = body;
    return { draft: sourceOf(body), etag: etagOf(response), by: { updatedAt, updatedBy } };
  } catch (error) {
    // The draft was deleted after the check.
    if (hasCode(error, "draft-not-found")) return undefined;
    throw error;
  }
}

export async function hasDraft(workflowId: string): Promise<boolean> {
  const { items } = await api.get("/drafts", { params: { query: { workflow: workflowId } } });
  return items.length > 0;
}

/** `etag` is that of the draft to overwrite; `undefined` if there must be none. */
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

/** Reads from a conflict's problem document who saved the draft; `undefined` if it was deleted. */
function lastEditorOf(problem: object | undefined): SavedBy | undefined {
  const { updatedBy, updatedAt } = (problem ?? {}) as Partial<SavedBy>;
  return updatedBy === undefined || updatedAt === undefined ? undefined : { updatedBy, updatedAt };
}

function etagOf(response: Response): string {
  return response.headers.get("etag") ?? "";
}

/** Picks the fields of a source. */
export function sourceOf(draft: Draft): Draft {
  const { files, binaryFiles, entry, dependencies, packages, packageLock } = draft;
  return {
    files,
    entry,
    ...(binaryFiles === undefined ? {} : { binaryFiles }),
    ...(dependencies === undefined ? {} : { dependencies }),
    ...(packages === undefined ? {} : { packages }),
    ...(packageLock === undefined ? {} : { packageLock }),
  };
}
