/**
 * Workflows that try to exhaust resources. Each fails on its own with the same code on every execution, and
 * executions of other workflows continue. `payload` is the URL of a server that responds immediately.
 */
export interface Attack {
  readonly source: string;
  /** The code with which the execution fails. */
  readonly code: RegExp;
  /** Matches the message of the failure. */
  readonly message: RegExp;
}

export const attacks: Readonly<Record<string, Attack>> = {
  "infinite-loop": {
    source: "export function run() { for (;;); }",
    code: /^out-of-fuel$/,
    message: /turnFuel/,
  },
  "microtask-storm": {
    source: `export async function run() {
      const again = () => void Promise.resolve().then(again);
      again();
      await new Promise(() => {});
    }`,
    code: /^out-of-fuel$/,
    message: /turnFuel/,
  },
  "catastrophic-pattern": {
    source: 'export const run = () => /^(a+)+$/.test("a".repeat(60) + "b");',
    code: /^out-of-fuel$/,
    message: /turnFuel/,
  },
  "memory-bomb": {
    source: "export function run() { const all = []; for (;;) all.push({ all }); }",
    code: /^out-of-memory$/,
    message: /memory/,
  },
  "string-bomb": {
    source: `export function run() {
      let text = "0123456789abcdef";
      for (;;) { text += text; text.charCodeAt(text.length - 1); /./.test(text); }
    }`,
    code: /^out-of-memory$/,
    message: /memory/,
  },
  "deep-recursion": {
    source: "export function run(ctx, payload) { return 1 + run(ctx, payload); }",
    code: /^workflow-failed$/,
    message: /too much recursion/,
  },
  "million-fetches": {
    source: `export async function run(ctx, url) {
      await Promise.all(Array.from({ length: 1_000_000 }, (_, n) => fetch(url + "/" + n)));
    }`,
    // Either the number of concurrent calls exceeds its limit, or before that, their memory does.
    code: /^(limit-exceeded|out-of-memory)$/,
    message: /host calls|memory/,
  },
};

/**
 * A workflow of another author that is executed at the same time. It calls a server twice, and sleeps in between.
 */
export const neighbourSource = `export async function run(ctx, { url, number }) {
  const ask = async (path) => (await fetch(url + path)).json();
  const first = await ask("/first");
  await ctx.sleep(5);
  const second = await ask("/second");
  return [first, second, number];
}`;
