import { describe, expect, test } from "vitest";
import { testContext } from "../../testing/images.ts";
import { hostModule } from "../passes/post-process.ts";
import { buildPortableComponent } from "./portable.ts";

const bundle = `
  const greeting = "hello " + Math.max(1, 2);
  console.log("loading");
  __duranium_define({ run: async (ctx, payload) => ({ greeting, from: ctx.workflowId, payload }) });`;

describe("the portable component of a workflow", () => {
  test("a portable component imports only the host, contains its workflow, and runs it", async () => {
    const component = await buildPortableComponent(bundle);
    const { componentWit } = await import("@bytecodealliance/jco");
    const wit = await componentWit(component);
    expect([...wit.matchAll(/^ *import (\S+);$/gm)].map(([, name]) => name)).toEqual([
      "duranium:runtime/types@0.1.0",
      hostModule,
    ]);
    const { guest, completed } = await instantiate(component);
    expect(evaluationFailure(guest)).toMatchObject({
      message: "This component already contains its workflow",
    });
    guest.run({ ...testContext, workflowId: "greeter", now: 5 }, new TextEncoder().encode('{"n":1}'));
    expect(completed()).toEqual({ greeting: "hello 2", from: "greeter", payload: { n: 1 } });
  });

  test("a bundle whose top level throws makes no portable component, and the error names what it threw", async () => {
    await expect(buildPortableComponent('throw new RangeError("no\\nluck")')).rejects.toMatchObject({
      code: "evaluation-failed",
      message: "Cannot build the portable component: the top level threw RangeError: no\nluck",
    });
  });
});

interface Guest {
  evaluate(source: string): void;
  run(ctx: object, payload: Uint8Array): void;
}

/** Through jco's glue, as any other host would: only the host functions are Duranium's. */
async function instantiate(component: Uint8Array): Promise<{ guest: Guest; completed: () => unknown }> {
  const { transpile } = await import("@bytecodealliance/jco");
  const { files } = await transpile(component, { name: "portable", instantiation: "async" });
  const contents = new Map(Object.entries(files));
  const glue = Buffer.from(contents.get("portable.js") ?? "").toString("base64");
  const { instantiate } = (await import(/* @vite-ignore */ `data:text/javascript;base64,${glue}`)) as {
    instantiate: (getCore: (name: string) => Promise<WebAssembly.Module>, imports: object) => Promise<Guest>;
  };
  let value: Uint8Array | undefined;
  const host = {
    call: ignore,
    abandon: ignore,
    log: ignore,
    compute: ignore,
    fail: (failure: Uint8Array) => (value = failure),
    complete: (result: Uint8Array) => (value = result),
  };
  const getCore = (name: string): Promise<WebAssembly.Module> =>
    WebAssembly.compile(contents.get(name) ?? new Uint8Array());
  const guest = await instantiate(getCore, { [hostModule.replace(/@.*/, "")]: host });
  return { guest, completed: () => JSON.parse(new TextDecoder().decode(value)) as unknown };
}

function ignore(): void {}

/** jco throws the error of a result with what was in it as \`payload\`. */
function evaluationFailure(guest: Guest): unknown {
  try {
    guest.evaluate("");
    return undefined;
  } catch (error) {
    const { payload } = error as { payload: Uint8Array };
    return JSON.parse(new TextDecoder().decode(payload));
  }
}
