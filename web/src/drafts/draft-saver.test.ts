import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createDraftSaver, saveDelayMs, type SaveResult } from "./draft-saver.ts";
import type { Draft } from "./draft.ts";

const by = { updatedBy: "ana", updatedAt: "2026-11-26T12:00:00.000Z" };

function text(text: string): Draft {
  return { files: { "workflow.ts": text }, entry: "workflow.ts" };
}

/** A server whose responses the test controls. */
function scriptedServer() {
  const asked: { readonly text: string | undefined; readonly etag: string | undefined }[] = [];
  const waiting: ((result: SaveResult) => void)[] = [];
  return {
    asked,
    save: async (draft: Draft, etag: string | undefined): Promise<SaveResult> => {
      asked.push({ text: draft.files["workflow.ts"], etag });
      return await new Promise((resolve) => waiting.push(resolve));
    },
    answer: async (result: SaveResult): Promise<void> => {
      waiting.shift()?.(result);
      await vi.advanceTimersByTimeAsync(0);
    },
  };
}

function begin() {
  const server = scriptedServer();
  const saver = createDraftSaver({ draft: text("a"), etag: "1", save: server.save });
  return { server, saver, kind: () => saver.snapshot().state.kind };
}

describe("the draft saver", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("a draft is saved once after a pause in typing, with the entity tag of the stored draft", async () => {
    const { server, saver, kind } = begin();
    for (const typed of ["ab", "abc"]) {
      saver.edit(text(typed));
      await vi.advanceTimersByTimeAsync(saveDelayMs - 1);
    }
    expect(server.asked).toEqual([]);
    expect(kind()).toBe("unsaved");
    await vi.advanceTimersByTimeAsync(1);
    expect(server.asked).toEqual([{ text: "abc", etag: "1" }]);
    expect(kind()).toBe("saving");
    await server.answer({ kind: "saved", etag: "2" });
    expect(saver.snapshot()).toMatchObject({ state: { kind: "saved" }, etag: "2" });
  });

  test("a new draft is saved only if the server has none", async () => {
    const server = scriptedServer();
    const saver = createDraftSaver({ draft: text("a"), etag: undefined, save: server.save });
    saver.edit(text("b"));
    void saver.flush();
    expect(server.asked).toEqual([{ text: "b", etag: undefined }]);
  });

  test("changes during a save are saved after it, with the new entity tag", async () => {
    const { server, saver, kind } = begin();
    saver.edit(text("b"));
    await vi.advanceTimersByTimeAsync(saveDelayMs);
    saver.edit(text("c"));
    await vi.advanceTimersByTimeAsync(10 * saveDelayMs);
    expect(server.asked).toHaveLength(1);
    await server.answer({ kind: "saved", etag: "2" });
    expect(kind()).toBe("unsaved");
    await vi.advanceTimersByTimeAsync(saveDelayMs);
    expect(server.asked.at(-1)).toEqual({ text: "c", etag: "2" });
  });

  test("a draft of another client is never overwritten until the conflict is resolved", async () => {
    const { server, saver, kind } = begin();
    saver.edit(text("mine"));
    await vi.advanceTimersByTimeAsync(saveDelayMs);
    await server.answer({ kind: "conflict", by });
    expect(saver.snapshot().state).toEqual({ kind: "conflict", by });
    saver.edit(text("mine too"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.asked).toHaveLength(1);
    expect(kind()).toBe("conflict");
    saver.keepMine("7");
    expect(server.asked.at(-1)).toEqual({ text: "mine too", etag: "7" });
    await server.answer({ kind: "saved", etag: "8" });
    expect(kind()).toBe("saved");
  });

  test("loading the draft of another client resolves a conflict, and later changes are saved", async () => {
    const { server, saver } = begin();
    saver.edit(text("mine"));
    await vi.advanceTimersByTimeAsync(saveDelayMs);
    await server.answer({ kind: "conflict", by });
    saver.loadTheirs(text("theirs"), "7");
    expect(saver.snapshot()).toMatchObject({
      draft: text("theirs"),
      state: { kind: "saved" },
    });
    saver.edit(text("theirs, changed"));
    await vi.advanceTimersByTimeAsync(saveDelayMs);
    expect(server.asked.at(-1)).toEqual({ text: "theirs, changed", etag: "7" });
  });

  test("a failed save is retried with back-off and the latest changes, or immediately by retryNow", async () => {
    const { server, saver, kind } = begin();
    saver.edit(text("b"));
    await vi.advanceTimersByTimeAsync(saveDelayMs);
    await server.answer({ kind: "unreachable" });
    expect(kind()).toBe("offline");
    saver.edit(text("c"));
    await vi.advanceTimersByTimeAsync(1_999);
    expect(server.asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.asked.at(-1)).toEqual({ text: "c", etag: "1" });
    await server.answer({ kind: "unreachable" });
    await vi.advanceTimersByTimeAsync(3_999);
    expect(server.asked).toHaveLength(2);
    saver.retryNow();
    expect(server.asked).toHaveLength(3);
    await server.answer({ kind: "saved", etag: "2" });
    expect(kind()).toBe("saved");
  });

  test("a rejected draft is kept and sent again after the next change", async () => {
    const { server, saver, kind } = begin();
    saver.edit(text("too large"));
    await vi.advanceTimersByTimeAsync(saveDelayMs);
    await server.answer({ kind: "refused", error: new Error("The body is too large") });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.asked).toHaveLength(1);
    expect(kind()).toBe("refused");
    saver.edit(text("small"));
    await vi.advanceTimersByTimeAsync(saveDelayMs);
    expect(server.asked.at(-1)).toEqual({ text: "small", etag: "1" });
  });

  test("flush saves immediately, including changes made during a save", async () => {
    const { server, saver } = begin();
    saver.edit(text("b"));
    await vi.advanceTimersByTimeAsync(saveDelayMs);
    saver.edit(text("c"));
    const left = saver.flush();
    await server.answer({ kind: "saved", etag: "2" });
    expect(server.asked.at(-1)).toEqual({ text: "c", etag: "2" });
    await server.answer({ kind: "saved", etag: "3" });
    expect(await left).toEqual({ kind: "saved" });
  });

  test("listeners are notified of each change until they unsubscribe", async () => {
    const { saver } = begin();
    const heard = vi.fn<() => void>();
    const stop = saver.subscribe(heard);
    saver.edit(text("b"));
    saver.edit(saver.snapshot().draft);
    expect(heard).toHaveBeenCalledTimes(1);
    stop();
    saver.edit(text("c"));
    expect(heard).toHaveBeenCalledTimes(1);
  });
});
