import { ProblemError } from "#client";
import type { LogLine } from "#client";
import { useEffect, useState } from "react";
import { api } from "../api.ts";

/** The maximum number of lines in memory; the oldest are dropped. */
const maxLines = 10_000;

export interface FollowedLines {
  readonly lines: readonly LogLine[];
  /** Whether more lines may follow. */
  readonly isLive: boolean;
  readonly error?: unknown;
}

/** The console output of an execution, streamed. */
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
  // Lines are batched, because thousands may arrive at once.
  const timer = setInterval(flush, 150);
  const read = async () => {
    const after = waiting.at(-1)?.number ?? lines.at(-1)?.number;
    // A rejected request ends before this, so an open connection clears the error of an outage even without new lines.
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

/** The client has already retried several times. From here on it is retried while the view is open. */
const reconnectMs = 3_000;
const recoveredMs = 8_000;

/** Whether the server is unreachable or fails, which may pass, unlike a rejection. */
function isPassing(error: unknown): boolean {
  return !(error instanceof ProblemError) || error.status === 0 || error.status >= 500;
}
