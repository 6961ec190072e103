import { EventSourceParserStream } from "eventsource-parser/stream";
import { ProblemError, problemOf, unreachable } from "./problem-error.ts";
import type { ExecutionStatus, LogLine } from "./schemas.ts";

export interface FollowOptions {
  /** Only lines of these. */
  readonly levels?: readonly LogLine["level"][];
  /** Only lines after the one of this number. */
  readonly after?: number;
  /** Ends the following; the generator then rejects with its reason. */
  readonly signal?: AbortSignal;
}

/** Events of a followed execution. `ended` is the last; it has no status if the execution was purged. */
export type LogEvent =
  | { readonly kind: "line"; readonly line: LogLine }
  | { readonly kind: "ended"; readonly status?: ExecutionStatus };

/** What is needed to ask the API. */
export interface Connection {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: typeof globalThis.fetch;
}

/**
 * Lines, those that are there and then each as it is written, until the execution has ended. A connection that
 * breaks after it had begun is made again, after the last line that came; one that cannot be made at all
 * rejects with a `ProblemError`.
 */
export async function* followLogs(
  connection: Connection,
  executionId: string,
  options: FollowOptions = {},
): AsyncGenerator<LogEvent, void, undefined> {
  let last = options.after;
  let failures = 0;
  for (;;) {
    try {
      for await (const event of readStream(connection, executionId, { ...options, after: last })) {
        failures = 0;
        yield event;
        if (event.kind === "ended") return;
        last = event.line.number;
      }
    } catch (error) {
      if (options.signal?.aborted === true || !isPassing(error) || ++failures > maxFailures) throw error;
    }
    await pause(reconnectMs, options.signal);
  }
}

const reconnectMs = 1_000;

/** In order, without separators. */
const maxFailures = 5;

/** Whether it is worth coming back: after broken connections, and where the server is just starting or stopping. */
function isPassing(error: unknown): boolean {
  return !(error instanceof ProblemError) || error.status === 0 || error.status >= 500;
}

type Following = Omit<FollowOptions, "after"> & { readonly after: number | undefined };

async function* readStream(
  connection: Connection,
  executionId: string,
  following: Following,
): AsyncGenerator<LogEvent, void, undefined> {
  const response = await request(connection, executionId, following);
  if (!response.ok) throw await problemOf(response);
  const events = response.body
    ?.pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  const reader = events?.getReader();
  try {
    for (;;) {
      const read = await reader?.read();
      if (read === undefined || read.done) return;
      yield toLogEvent(read.value);
    }
  } finally {
    // A reader that stops closes the connection.
    await reader?.cancel().catch(() => undefined);
  }
}

async function request(
  { baseUrl, headers, fetch }: Connection,
  executionId: string,
  { levels, after, signal }: Following,
): Promise<Response> {
  const query = levels === undefined ? "" : `?level=${levels.join(",")}`;
  const url = `${baseUrl.replace(/\/$/, "")}/executions/${encodeURIComponent(executionId)}/logs${query}`;
  try {
    return await fetch(url, {
      redirect: "error",
      headers: {
        ...headers,
        accept: "text/event-stream",
        ...(after === undefined ? {} : { "last-event-id": String(after) }),
      },
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    throw signal?.aborted === true ? error : unreachable(baseUrl, error);
  }
}

function toLogEvent({
  event,
  data,
}: {
  readonly event?: string | undefined;
  readonly data: string;
}): LogEvent {
  if (event === "end") return { kind: "ended", ...(JSON.parse(data) as { status?: ExecutionStatus }) };
  return { kind: "line", line: JSON.parse(data) as LogLine };
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const giveUp = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", giveUp);
      resolve();
    }, ms);
    signal?.addEventListener("abort", giveUp, { once: true });
  });
}
