import type { JsonValue } from "../../src/base/json.ts";
import type { GoldenJournal } from "./journal.ts";
import { isCommand, textOf } from "./messages.ts";
import type { ProtocolMessage } from "./messages.ts";
import type { Message } from "./protobuf.ts";

/** The behaviour of an attempt after the replayed entries. */
export interface Continuation {
  /** In order, without values that depend on the time. */
  readonly commands: readonly Message[];
  /** `End`, `Suspension`, or an error of the protocol: that the journal does not match, for one. */
  readonly ending: string;
}

export function continuationOf(said: readonly ProtocolMessage[]): Continuation {
  const last = said.at(-1);
  const ending = last?.message === "Error" ? `Error: ${textOf(last, "message")}` : String(last?.message);
  return { commands: said.filter(isCommand).map(comparable), ending };
}

/**
 * What the journal says of it: the next commands, in their order. All of those up to the next result are due. The
 * ones after it may come as well, because whether they waited for it cannot be seen.
 */
export function expectedContinuation(
  { entries }: GoldenJournal,
  { entryCount, commandCount }: { readonly entryCount: number; readonly commandCount: number },
): Continuation {
  const rest = entries.slice(entryCount);
  const nextResult = rest.findIndex((entry) => !isCommand(entry));
  const dueCount = nextResult === -1 ? rest.length : nextResult;
  const following = rest.filter(isCommand).map(comparable);
  const commands = following.slice(0, Math.max(dueCount, commandCount));
  return { commands, ending: commands.length === following.length ? "End" : "Suspension" };
}

/** Times are those of the moment; Restate does not look at them either when it replays. */
function comparable({ message, fields }: ProtocolMessage): Message {
  const { wakeUpTime: _wakeUpTime, invokeTime: _invokeTime, ...same } = fields;
  return { message, ...same, ...withoutStack(same["failure"]) };
}

/** How lines of a stack read may change: nothing that is under way depends on it. */
function withoutStack(failure: JsonValue | undefined): Message {
  if (failure === undefined) return {};
  const { message, metadata = [], ...rest } = failure as unknown as ReadableFailure;
  const [title = ""] = message.split("\nat ");
  return { failure: { ...rest, message: title, metadata: metadata.map(withoutStackText) } };
}

interface ReadableFailure {
  readonly code: number;
  readonly message: string;
  readonly metadata?: readonly Metadata[];
}

type Metadata = { readonly key: string; readonly value: string };

function withoutStackText({ key, value }: Metadata): Message {
  if (key !== "failure") return { key, value };
  const { stack: _stack, ...told } = JSON.parse(value) as Message;
  return { key, value: told };
}
