import { ProblemError } from "#client";
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
  const read = async () => {
    const after = waiting.at(-1)?.number ?? lines.at(-1)?.number;
    // What is refused ends sooner: so the error of an outage goes once there is a connection, also without new lines.
    const recovered = setTimeout(() => tell({ lines, isLive: true }), recoveredMs);
    try {
      const place = after === undefined ? {} : { after };
      for await (const event of api.followLogs(executionId, { signal, ...place })) {
        if (event.kind === "line") waiting.push(event.line);
      }
    } finally {
      clearTimeout(recovered);
    }
  };
  try {
    for (;;) {
      try {
        await read();
        flush();
        return tell({ lines, isLive: false });
      } catch (error) {
        if (signal.aborted) return;
        flush();
        if (!isPassing(error)) return tell({ lines, isLive: false, error });
        tell({ lines, isLive: true, error });
      }
      await new Promise((resolve) => setTimeout(resolve, reconnectMs));
    }
  } finally {
    clearInterval(timer);
  }
}

/** The client has tried several times before: from here on it is tried for as long as the page is open. */
const reconnectMs = 3_000;
const recoveredMs = 8_000;

/** Whether the server cannot be reached or fails, which may end, unlike a refusal. */
function isPassing(error: unknown): boolean {
  return !(error instanceof ProblemError) || error.status === 0 || error.status >= 500;
}
