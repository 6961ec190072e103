import { setTimeout as delay } from "node:timers/promises";
import type { ApiAnswer, ReachableInstance } from "../support/instance.ts";
import type { Ends } from "../support/introspection.ts";
import { eventsOf, rootPlace } from "./places.ts";
import type { Plan } from "./plan.ts";
import type { EventName, Step } from "./program.ts";
import type { ProgramLanguage } from "./source.ts";
import type { VerifyTarget } from "./target.ts";
import type { ProgramPayload } from "./workflow/actions.ts";

/** One execution that was asked for, and what is done to it from outside. Its children belong to it. */
export interface Run {
  readonly number: number;
  readonly workflow: string;
  readonly program: Step;
  readonly language: ProgramLanguage;
  readonly plan: Plan;
  readonly executionId: string;
  /** The target's, when it began. */
  readonly epoch: number;
  /** How often the events of a name were posted, by their numbers: again where the answer was lost. */
  readonly posted: ReadonlyMap<EventName, number[]>;
  /** When it was asked for the first time to cancel it: milliseconds since the Unix epoch. */
  cancelledAt?: number;
}

export type RunRequest = Pick<Run, "number" | "workflow" | "program" | "language" | "plan">;

/** The payload of an event. */
export interface PostedEvent {
  readonly run: number;
  readonly name: EventName;
  readonly number: number;
}

/** What runs take place on. */
export interface RunBench {
  readonly instance: ReachableInstance;
  readonly target: VerifyTarget;
  readonly ends: Ends;
  /** When an execution ended, or something was started again, for the last time. */
  readonly lastEnd: number;
}

/** While Duranium is down. */
const retryMs = 100;

/** Begins a run once, however often the answer is lost: the key makes the second request the first one. */
export async function startRun(
  instance: ReachableInstance,
  target: VerifyTarget,
  request: RunRequest,
): Promise<Run> {
  const { number, workflow, program, plan } = request;
  const { epoch } = target;
  const isWatched = plan.cancellation !== undefined;
  const stays = plan.cancellation?.stays === true;
  const payload: ProgramPayload = { url: target.url, run: number, at: rootPlace, isWatched, stays };
  const headers = { "idempotency-key": `run-${number}` };
  const answer = await askSurely(instance, `/workflows/${workflow}/execute`, { body: payload, headers });
  if (answer.status !== 202) throw new Error(`execute answered ${sayAnswer(answer)}`);
  const posted = new Map(Array.from(eventsOf(program).keys(), (name) => [name, []]));
  return { ...request, executionId: answer.body.executionId, epoch, posted };
}

/**
 * Posts as many events as the run can wait for, and cancels it, as planned. Resolves when that is done, or when
 * the execution has ended.
 *
 * @returns what was answered that must never be
 */
export async function actOnRun(instance: ReachableInstance, run: Run): Promise<readonly string[]> {
  const counts = [...eventsOf(run.program)];
  const posting = counts.map(async ([name, count]) => await postEvents(instance, run, { name, count }));
  const wrong = await Promise.all([...posting, cancelAsPlanned(instance, run)]);
  return wrong.filter((what) => what !== undefined);
}

async function postEvents(
  instance: ReachableInstance,
  run: Run,
  { name, count }: { readonly name: EventName; readonly count: number },
): Promise<string | undefined> {
  const { number: runNumber, executionId, plan } = run;
  const posted = run.posted.get(name) ?? [];
  for (let number = 0; number < count; number += 1) {
    await delay(plan.pausesMs[number % plan.pausesMs.length]);
    const body: PostedEvent = { run: runNumber, name, number };
    const onAsk = () => void (posted[number] = (posted[number] ?? 0) + 1);
    const answer = await askSurely(instance, `/executions/${executionId}/events/${name}`, { body, onAsk });
    if (answer.status === 409) return undefined;
    if (answer.status !== 202) return `event ${name} ${number} was answered with ${sayAnswer(answer)}`;
  }
  return undefined;
}

async function cancelAsPlanned(instance: ReachableInstance, run: Run): Promise<string | undefined> {
  if (run.plan.cancellation === undefined) return undefined;
  await delay(run.plan.cancellation.afterMs);
  const onAsk = () => void (run.cancelledAt ??= Date.now());
  const answer = await askSurely(instance, `/executions/${run.executionId}/cancel`, { onAsk });
  if (answer.status === 202 || answer.status === 409) return undefined;
  return `its cancellation was answered with ${sayAnswer(answer)}`;
}

interface Ask {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly onAsk?: () => void;
}

/** Asks until there is an answer that does not depend on what is down just now. */
async function askSurely(
  instance: ReachableInstance,
  path: string,
  { body, headers = {}, onAsk }: Ask,
): Promise<ApiAnswer> {
  for (;;) {
    onAsk?.();
    const answer = await instance.request("POST", path, { body, headers }).catch(() => undefined);
    if (answer !== undefined && answer.status < 500) return answer;
    await delay(retryMs);
  }
}

function sayAnswer({ status, body }: ApiAnswer): string {
  return `${status}: ${JSON.stringify(body)}`;
}
