/**
 * Runs a program, and reports what it came to. This file is deployed with every program, and runs inside the
 * sandbox.
 */
import type { WorkflowContext } from "@duranium/workflow";
import { createActions, request } from "./actions.ts";
import type { Actions, ProgramPayload, Report, Scene } from "./actions.ts";
import { openDiary } from "./history.ts";

/** The parts of a program that are executions of their own, by entry point: `main`, and its children. */
export type Programs = Readonly<Record<string, (does: Actions, at: string) => Promise<unknown>>>;

type Ending = { readonly value: unknown } | { readonly message: string };

/** @throws what the program throws: the message is the report, as JSON */
export async function perform(
  ctx: WorkflowContext,
  payload: ProgramPayload,
  programs: Programs,
): Promise<Report> {
  const diary = openDiary();
  const scene = { ctx, payload, diary };
  diary.say("debug", `${payload.at}.begins`);
  const program = programs[ctx.entryPoint ?? "main"];
  if (program === undefined) throw new Error(`There is no program "${ctx.entryPoint}"`);
  const ending = await watched(scene, async () => await endingOf(program(createActions(scene), payload.at)));
  if (diary.sawCancellation) {
    await bidFarewell(scene);
    throw new Error("It was cancelled");
  }
  diary.say("info", `${payload.at}.ends`);
  const report = { ...ending, history: diary.history };
  if ("message" in report) throw new Error(JSON.stringify(report));
  return report;
}

/** A pending timer does not reject on a cancellation, but a wait for an event that never arrives does. */
async function watched({ ctx, payload, diary }: Scene, work: () => Promise<Ending>): Promise<Ending> {
  if (!payload.isWatched) return await work();
  const cancellation = diary.follow("cancellation", ctx.waitForEvent("never")).catch(endingOfError);
  const worked = payload.stays ? work().then(async () => await cancellation) : work();
  return (await Promise.race([worked, cancellation])) as Ending;
}

async function endingOf(promise: Promise<unknown>): Promise<Ending> {
  return await promise.then((value) => ({ value }), endingOfError);
}

function endingOfError(error: unknown): Ending {
  return { message: (error as Error).message };
}

/** What is done in `finally` blocks: it takes a moment, and shows that all that was under way was told. */
async function bidFarewell(scene: Scene): Promise<void> {
  const { ctx, payload, diary } = scene;
  await ctx.sleep(1);
  await request(scene, { at: `${payload.at}.farewell`, answer: "prompt", deaf: diary.deaf() });
}
