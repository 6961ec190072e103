import { DuraniumError } from "../../domain/errors.ts";
import { clockEntry } from "../../journal/entry-names.ts";
import type { ReusePlan } from "../../journal/forks.ts";
import type { ComparedVersion } from "../../journal/object-inputs.ts";
import { recordedRequestsObjectName } from "../../journal/object-names.ts";
import type { OperationEntry } from "../../read-model/journal-entries.ts";
import type { ReplayedCall, ReplayItem } from "../../replay/replay-item.ts";
import type { RestateClient } from "../../restate/client/restate-client.ts";

/** A fork on another version than that of its origin. */
export interface CheckedFork {
  readonly executionId: string;
  readonly version: number;
  readonly plan: ReusePlan;
  /** The commands that the workflow made. */
  readonly commands: readonly OperationEntry[];
}

/**
 * Replays the execution on the version of its fork, without side effects, and refuses the fork if the version requests something
 * else than a reused step, or leaves one out. Where no executor can replay the execution, the fork compares the names of its steps.
 *
 * @throws {DuraniumError} `fork-refused` with the difference
 */
export async function checkFork(restate: Pick<RestateClient, "call">, fork: CheckedFork): Promise<void> {
  const item = await compare(restate, fork);
  const difference = item === undefined ? undefined : differenceIn(item, fork);
  if (difference === undefined) return;
  throw new DuraniumError(
    "fork-refused",
    `Cannot fork execution "${fork.executionId}" on version ${fork.version}: ${difference}`,
  );
}

async function compare(
  restate: Pick<RestateClient, "call">,
  { executionId, version }: CheckedFork,
): Promise<ReplayItem | undefined> {
  const target = { object: recordedRequestsObjectName, key: executionId, handler: "compare" };
  try {
    return (await restate.call(target, { version } satisfies ComparedVersion)) as ReplayItem;
  } catch {
    return undefined;
  }
}

function differenceIn(
  { outcome, step = 0, expected, actual, place }: ReplayItem,
  { plan, commands }: CheckedFork,
): string | undefined {
  if ((outcome !== "different" && outcome !== "endsEarlier") || !isReused(step, plan, commands))
    return undefined;
  const where = place === undefined ? "" : ` at ${place.file}:${place.line}`;
  if (outcome === "endsEarlier")
    return `this version does not make step ${step + 1}${where}\nrecorded: ${callTexts(expected, actual)[0]}`;
  const [recorded, now] = callTexts(expected, actual);
  return `step ${step + 1} is another one${where}\nrecorded: ${recorded}\nnow: ${now}`;
}

/** @param number the position of a call of the workflow, from 0 */
function isReused(number: number, plan: ReusePlan, commands: readonly OperationEntry[]): boolean {
  const calls = commands.filter(({ name }) => name !== clockEntry);
  const call = calls[number];
  const sources = new Set([...plan.before, ...plan.after].map(({ commandIndex }) => commandIndex));
  return call !== undefined && sources.has(call.index);
}

/** The maximum of arguments and body in a message, in characters. */
const maxShownCharacters = 300;

/** Both calls. A fetch has its headers and options only if it differs in nothing else. */
function callTexts(...calls: readonly (ReplayedCall | undefined)[]): readonly string[] {
  const texts = calls.map((call) => callText(call, call?.operation !== "fetch"));
  return new Set(texts).size === texts.length ? texts : calls.map((call) => callText(call, true));
}

function callText(call: ReplayedCall | undefined, withArguments: boolean): string {
  if (call === undefined) return "another call";
  const { name, arguments: given, body } = call;
  const parts = [
    ...(given === undefined || !withArguments ? [] : [JSON.stringify(given)]),
    ...(body === undefined ? [] : [body.text ?? `body of ${body.bytes} bytes`]),
  ].map((part) =>
    part.length <= maxShownCharacters ? part : `${part.slice(0, maxShownCharacters)}…`.toWellFormed(),
  );
  return [name, ...parts].join(" ");
}
