import type { LogLine } from "#client";
import { useEffect, useState } from "react";
import { api } from "../api.ts";

/** More lines than this are not kept on the page: those that came first go. */
const maxLines = 10_000;

export interface FollowedLines {
  readonly lines: readonly LogLine[];
  /** Whether there may be more. */
  readonly isLive: boolean;
  readonly error?: unknown;
}

/** What an execution wrote to its console, and each line as it is written. */
export function useLogLines(executionId: string): FollowedLines {
  const [followed, setFollowed] = useState<FollowedLines>({ lines: [], isLive: true });
  useEffect(() => {
    const following = new AbortController();
    void follow(executionId, following.signal, setFollowed);
    return () => following.abort();
  }, [executionId]);
  return followed;
}

async function follow(
  executionId: string,
  signal: AbortSignal,
  tell: (followed: FollowedLines) => void,
): Promise<void> {
  let lines: readonly LogLine[] = [];
  let waiting: LogLine[] = [];
  const flush = () => {
    if (waiting.length === 0) return;
    lines = [...lines, ...waiting].slice(-maxLines);
    waiting = [];
    tell({ lines, isLive: true });
  };
  // Lines may come by the thousand: the page is drawn for some of them together.
  const timer = setInterval(flush, 150);
  try {
    for await (const event of api.followLogs(executionId, { signal })) {
      if (event.kind === "line") waiting.push(event.line);
    }
    flush();
    tell({ lines, isLive: false });
  } catch (error) {
    if (!signal.aborted) tell({ lines, isLive: false, error });
  } finally {
    clearInterval(timer);
  }
}
