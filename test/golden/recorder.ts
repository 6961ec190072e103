import type { IncomingHttpHeaders } from "node:http2";
import type { Attempt } from "../support/message-proxy.ts";
import type { GoldenJournal } from "./journal.ts";
import { isCommand, readMessage, textOf, writeMessage } from "./messages.ts";
import type { ProtocolMessage } from "./messages.ts";

/** An invocation that ended, by its id. */
export type Recording = Omit<GoldenJournal, "name" | "lines"> & { readonly invocationId: string };

/**
 * Records journals as a message proxy sees them. The attempt in which an invocation comes to its end is cut off
 * there, so that Restate hands the whole journal to another one: that is what is recorded.
 */
export interface Recorder {
  startInvocation(headers: IncomingHttpHeaders): Attempt | undefined;
  recordings(): readonly Recording[];
}

export function createRecorder(): Recorder {
  const recordings = new Map<string, Recording>();
  /** The start of the first attempt, which shows the state before the invocation wrote to it. */
  const firstStarts = new Map<string, ProtocolMessage>();
  return {
    startInvocation({ ":path": path, "content-type": contentType = "" }) {
      const handler = /^\/invoke\/(.+)$/.exec(path ?? "")?.[1];
      if (handler === undefined) return undefined;
      return recordAttempt({
        onStart(start) {
          const invocationId = textOf(start, "debugId");
          if (!firstStarts.has(invocationId)) firstStarts.set(invocationId, start);
        },
        onReplayed(entries, replayed) {
          const invocationId = textOf(replayed, "debugId");
          const start = firstStarts.get(invocationId) ?? replayed;
          recordings.set(invocationId, { invocationId, handler, contentType, start, entries });
        },
      });
    },
    recordings: () => [...recordings.values()],
  };
}

interface Listener {
  readonly onStart: (start: ProtocolMessage) => void;
  /** @param entries the whole journal */
  readonly onReplayed: (entries: readonly ProtocolMessage[], start: ProtocolMessage) => void;
}

function recordAttempt({ onStart, onReplayed }: Listener): Attempt {
  const received: ProtocolMessage[] = [];
  let isReplay = true;
  return {
    fromRestate(bytes) {
      const [start] = received;
      if (received.length > Number(start?.fields["knownEntries"] ?? 0)) return "pass";
      const message = readExactly(bytes);
      received.push(message);
      if (start === undefined) onStart(message);
      return "pass";
    },
    fromExecutor(bytes) {
      const message = readMessage(bytes);
      if (message.message === "OutputCommand") {
        if (!isReplay) return "cut";
        const [start, ...entries] = [...received, readExactly(bytes)];
        if (start !== undefined) onReplayed(entries, start);
      }
      isReplay &&= !isCommand(message) && message.message !== "ProposeRunCompletion";
      return "pass";
    },
  };
}

/** @throws where what is written down would not be what was sent */
function readExactly(bytes: Buffer): ProtocolMessage {
  const message = readMessage(bytes);
  if (writeMessage(message).equals(bytes)) return message;
  throw new Error(
    `The message ${message.message} has more in it than is known here: ${bytes.toString("hex")}`,
  );
}
