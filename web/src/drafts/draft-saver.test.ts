import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createDraftSaver, saveDelayMs, type SaveResult } from "./draft-saver.ts";
import type { Draft } from "./draft.ts";

const by = { updatedBy: "ana", updatedAt: "2026-11-26T12:00:00.000Z" };

function text(text: string): Draft {
  return { files: { "workflow.ts": text }, entry: "workflow.ts" };
}

/** A server whose answers the test gives one by one. */
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

describe("a draft that is edited", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("is saved once, after a pause in typing, with the tag of what may be written over", async () => {
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

  test("that the server does not have yet is saved on the condition that it has none", async () => {
    const server = scriptedServer();
    const saver = createDraftSaver({ draft: text("a"), etag: undefined, save: server.save });
    saver.edit(text("b"));
    void saver.flush();
    expect(server.asked).toEqual([{ text: "b", etag: undefined }]);
  });

  test("has one save under way at a time: what is typed meanwhile is saved after it, with the new tag", async () => {
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

  test("is not written over what somebody else saved, whatever is typed, until that is settled", async () => {
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

  test("can give way to what somebody else saved, and is saved on from there", async () => {
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

  test("that cannot be saved is tried again, later and later, with what it then is, or at once when asked to", async () => {
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

  test("that the server refuses is kept, and sent again when it is changed", async () => {
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

  test("is saved at once when its view is left, also what was typed while a save was under way", async () => {
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

  test("tells who watches of each change, and nobody else", async () => {
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
