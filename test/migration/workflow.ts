/** What an execution of the campaign does before it ends. */
export type Kind = "quick" | "sleep" | "event" | "callback" | "loop" | "child";

export interface Job {
  readonly id: string;
  readonly kind: Kind;
  /** The target of the effects. */
  readonly url: string;
  /** How long `sleep` sleeps, and `loop` between two requests. */
  readonly ms: number;
  /** The workflow that `child` calls. */
  readonly child?: string;
}

export interface Result {
  /** The version that has run. */
  readonly label: string;
  readonly id: string;
  readonly answer: unknown;
  /** How many executions of the workflow had come so far, from its state. */
  readonly count: number;
}

/** The source of a version, which says by its results and its lines which one it is. */
export function sourceOf(label: string): string {
  return `const label = ${JSON.stringify(label)};\n${source}`;
}

const source = `
export async function run(ctx, job) {
  const send = async (step) => {
    const headers = { authorization: "Bearer " + ctx.secrets.KEY };
    const body = JSON.stringify({ id: job.id, step });
    const response = await fetch(job.url + "/effects", { method: "POST", headers, body });
    return await response.json();
  };
  console.log("begins", label, job.id);
  await send("first");
  const answer = await waits[job.kind](ctx, job, send);
  const count = await ctx.state.update("count", (count) => (count ?? 0) + 1);
  await send("last");
  console.log("ends", label, job.id);
  return { label, id: job.id, answer, count };
}

const waits = {
  quick: async () => null,
  async sleep(ctx, job) {
    await ctx.sleep(job.ms);
    return "slept";
  },
  event: async (ctx) => await ctx.waitForEvent("go"),
  async callback(ctx, job) {
    const { url, promise } = ctx.createCallback();
    await fetch(job.url + "/callbacks", { method: "POST", body: JSON.stringify({ id: job.id, url }) });
    return await promise;
  },
  async loop(ctx, job, send) {
    for (let round = 0; ; round++) {
      console.log("round", round);
      if ((await send("round " + round)).stop) return round;
      await ctx.sleep(job.ms);
    }
  },
  async child(ctx, job) {
    const payload = { ...job, kind: "event", id: job.id + "/child" };
    const { label, answer } = await ctx.call(job.child, { payload });
    return { label, answer };
  },
};
`;
