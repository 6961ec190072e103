import type { Step } from "./program.ts";

/** What the executions of a program get as their payload. */
export interface ProgramPayload {
  /** Of the target. */
  readonly url: string;
  /** The number of the execution: operations are called `run/step`. */
  readonly run: number;
}

/** What an execution of a program returns when it does not fail. */
export interface ProgramResult {
  readonly value: unknown;
  /** Operations whose end the workflow saw. */
  readonly done: readonly string[];
}

/**
 * A program as a TypeScript module that is deployed. Every place in the tree has a name such as `0.2#1.0`:
 * the children on the way, and the rounds of repetitions.
 *
 * Each request tells what the workflow knew when it made it (`done`, the clock, what it drew), so the target
 * sees whether a replay knew, read and drew the same, and whether something that had ended is done again.
 */
export function sourceOf(program: Step): string {
  return `import type { WorkflowContext } from "duranium";
${runtime}
export async function run(ctx: WorkflowContext, payload: { url: string; run: number }) {
  const done: string[] = [];
  const { fetched, limited, slept, timed, inTurn, settled, race, any, repeat, caught } = actions(ctx, payload, done);
  const at = "0";
  const value = await ${expressionOf(program)};
  return { value, done };
}
`;
}

/** An expression that gives a promise; `at` is in scope and names the place. */
function expressionOf(step: Step): string {
  switch (step.do) {
    case "fetch":
      return `fetched(at, "${step.answer}")`;
    case "limited":
      return `limited(at, "${step.by}", ${step.limitMs})`;
    case "forget":
      return `(fetched(at, "${step.answer}").catch(() => {}), Promise.resolve("begun"))`;
    case "sleep":
      return `slept(${step.durationMs})`;
    case "timer":
      return `timed(${step.durationMs})`;
    case "inTurn":
    case "race":
    case "any":
      return `${step.do}([${childrenOf(step.steps)}])`;
    case "all":
      return `Promise.all([${childrenOf(step.steps)}].map((child) => child()))`;
    case "settled":
      return `settled([${childrenOf(step.steps)}])`;
    case "repeat":
      return `repeat(at, ${step.times}, (at: string) => ${expressionOf(step.step)})`;
    case "catch":
      return `caught(() => ${expressionOf(step.step)})`;
    case "throw":
      return `Promise.reject(new Error("thrown at " + at))`;
    default:
      return `(console.log("at", at, Date.now()), Promise.resolve(null))`;
  }
}

/** A function for each child, so that those in turn begin one after the other. */
function childrenOf(steps: readonly Step[]): string {
  return steps
    .map((step, index) => `((at: string) => () => ${expressionOf(step)})(at + ".${index}")`)
    .join(", ");
}

const runtime = `
type Make = () => Promise<unknown>;

function actions(ctx: WorkflowContext, { url, run }: { url: string; run: number }, done: string[]) {
  async function request(at: string, answer: string, signal?: AbortSignal): Promise<unknown> {
    const drawn = [Math.random(), crypto.randomUUID(), Date.now()];
    const knows = { execution: ctx.executionId, version: ctx.version, done: [...done], drawn };
    const init = { method: "POST", body: JSON.stringify(knows), ...(signal ? { signal } : {}) };
    const response = await fetch(\`\${url}/\${run}/\${encodeURIComponent(at)}?\${answer}\`, init);
    if (answer === "bytes") return [response.status, ...new Uint8Array(await response.arrayBuffer())];
    return [response.status, (await response.json()) as string];
  }

  async function fetched(at: string, answer: string): Promise<unknown> {
    try {
      const value = await request(at, answer);
      done.push(at);
      return value;
    } catch (error) {
      done.push(at);
      throw new Error(\`\${(error as Error).name} at \${at}\`);
    }
  }

  async function limited(at: string, by: string, limitMs: number): Promise<unknown> {
    const controller = new AbortController();
    if (by === "controller") setTimeout(() => controller.abort(), limitMs);
    const signal = by === "controller" ? controller.signal : AbortSignal.timeout(limitMs);
    try {
      const value = await request(at, "slow", signal);
      done.push(at);
      return value;
    } catch (error) {
      done.push(at);
      return (error as Error).name;
    }
  }

  async function timely(durationMs: number, wait: Promise<unknown>): Promise<unknown> {
    const before = Date.now();
    await wait;
    const passedMs = Date.now() - before;
    return passedMs >= durationMs ? "on time" : \`after \${passedMs} ms of \${durationMs}\`;
  }

  const slept = (durationMs: number) => timely(durationMs, ctx.sleep(durationMs));
  const timed = (durationMs: number) =>
    timely(durationMs, new Promise((resolve) => setTimeout(resolve, durationMs)));

  async function inTurn(children: Make[]): Promise<unknown> {
    const values: unknown[] = [];
    for (const child of children) values.push(await child());
    return values;
  }

  async function settled(children: Make[]): Promise<unknown> {
    const endings = await Promise.allSettled(children.map((child) => child()));
    return endings.map((each) =>
      each.status === "fulfilled" ? { value: each.value } : { caught: (each.reason as Error).message },
    );
  }

  const indexed = (children: Make[]) => children.map(async (child, index) => [index, await child()]);
  const race = (children: Make[]) => Promise.race(indexed(children));
  const any = (children: Make[]) =>
    Promise.any(indexed(children)).catch((error) => {
      throw new Error((error as AggregateError).errors.map(({ message }) => message).join(", "));
    });

  const repeat = (at: string, times: number, round: (at: string) => Promise<unknown>) =>
    inTurn(Array.from({ length: times }, (_, index) => () => round(\`\${at}#\${index}\`)));

  async function caught(child: Make): Promise<unknown> {
    try {
      return { value: await child() };
    } catch (error) {
      return { caught: (error as Error).message };
    }
  }

  return { fetched, limited, slept, timed, inTurn, settled, race, any, repeat, caught };
}
`;
