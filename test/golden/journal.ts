import type { JsonValue } from "../../src/base/json.ts";
import type { MessageName, ProtocolMessage } from "./messages.ts";
import type { Message } from "./protobuf.ts";

/** The journal of an invocation that ended, as Restate hands it to an executor, and what people read in its file. */
export interface GoldenJournal {
  /** The name of its file: what was recorded. */
  readonly name: string;
  /** `Workflow/execute` */
  readonly handler: string;
  /** Names the version of Restate's protocol, which stays the same for an invocation. */
  readonly contentType: string;
  /** Of the first attempt, with the state as it was then. */
  readonly start: ProtocolMessage;
  /** From the input to the output: the commands, and the results where they arrived. */
  readonly entries: readonly ProtocolMessage[];
  /** The console output of the execution. */
  readonly lines: readonly RecordedLine[];
}

/** A console line as the API shows it, without its time: what is stored has the host's time of its first attempt. */
export interface RecordedLine {
  readonly number: number;
  readonly level: string;
  readonly arguments: readonly JsonValue[];
}

/** One JSON text a line: about the invocation, its start, each entry, each console line. */
export function writeJournal({ handler, contentType, start, entries, lines }: GoldenJournal): string {
  const messages = [start, ...entries].map(({ message, fields }) => ({ message, ...fields }));
  return [{ handler, contentType }, ...messages, ...lines.map((line) => ({ line }))]
    .map((each) => `${JSON.stringify(each)}\n`)
    .join("");
}

export function parseJournal(name: string, text: string): GoldenJournal {
  const [about, start, ...rest] = text
    .trimEnd()
    .split("\n")
    .map((each) => JSON.parse(each) as unknown);
  const entries = rest.filter(isMessageLine).map(messageOf);
  const lines = rest.filter((each) => !isMessageLine(each)) as readonly { readonly line: RecordedLine }[];
  return {
    name,
    ...(about as Pick<GoldenJournal, "handler" | "contentType">),
    start: messageOf(start as MessageLine),
    entries,
    lines: lines.map(({ line }) => line),
  };
}

/** What Restate sends to begin an attempt when the journal has that many entries. */
export function messagesUpTo(
  { start, entries }: GoldenJournal,
  entryCount: number,
): readonly ProtocolMessage[] {
  const known = entries.slice(0, entryCount);
  const stateMap = stateAfter(start.fields["stateMap"] as unknown as readonly StateEntry[], known);
  const fields = {
    ...start.fields,
    knownEntries: entryCount,
    ...(stateMap.length === 0 ? {} : { stateMap }),
  };
  return [{ message: start.message, fields }, ...known];
}

interface StateEntry {
  readonly key: JsonValue;
  readonly value: JsonValue;
}

/** What an invocation has written is part of the state that it is told when it begins again. */
function stateAfter(
  before: readonly StateEntry[] = [],
  entries: readonly ProtocolMessage[],
): readonly (StateEntry & Message)[] {
  const state = new Map(before.map(({ key, value }) => [JSON.stringify(key), { key, value }]));
  for (const { message, fields } of entries) {
    const { key = null, value = null } = fields;
    if (message === "ClearAllStateCommand") state.clear();
    if (message === "ClearStateCommand") state.delete(JSON.stringify(key));
    if (message === "SetStateCommand")
      state.set(JSON.stringify(key), { key, value: (value as Message)["content"] ?? null });
  }
  return [...state.values()];
}

type MessageLine = Message & { readonly message: MessageName };

function isMessageLine(line: unknown): line is MessageLine {
  return typeof line === "object" && line !== null && "message" in line;
}

function messageOf({ message, ...fields }: MessageLine): ProtocolMessage {
  return { message, fields };
}
