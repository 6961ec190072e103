import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import type { Digest } from "../../src/base/digest.ts";
import type { DriveResult } from "../../src/host/driver/driver.ts";
import type { Guest } from "../../src/host/guest.ts";
import { driveGuest } from "../../src/host/testing/scripted-drive.ts";
import { protocolVersion } from "../../src/sandbox/engine/protocol-version.ts";
import type { Image } from "../../src/sandbox/instances/engine-state.ts";
import { decodeImage, encodeImage } from "../../src/sandbox/instances/image.ts";
import { createInstance, loadEngine } from "../../src/sandbox/instances/instance.ts";
import type { Instance } from "../../src/sandbox/instances/instance.ts";
import { bytesOf, testContext, textOf } from "../../src/sandbox/testing/images.ts";
import { compiledPythonCore } from "../support/python-engine.ts";

/**
 * Python hides nothing from a workflow: it can import the module of the host's functions, walk through all objects, and
 * make code objects of any bytes. Nothing inside an instance is a boundary, so what these lead to is what is prevented: the
 * host accepts what follows the protocol, and nothing else.
 */

const module = await compiledPythonCore();
const engine = module && loadEngine("e".repeat(64) as Digest, module);

async function imageOf(source: string): Promise<Image> {
  if (engine === undefined) throw new Error("The Python engine is missing");
  const instance = createInstance(engine);
  const code = bytesOf({ entry: "flow.py", files: { "flow.py": source } });
  const failure = instance.enter((core) => core.evaluate(code));
  if (failure !== undefined) throw new Error(textOf(failure));
  return await decodeImage(encodeImage(engine, instance.state(), protocolVersion).bytes, engine);
}

const honest =
  "import builtins\n\nasync def run(ctx, payload):\n    return [payload, hasattr(builtins, 'leaked')]\n";

/** Its actions are its payload, so that one image serves all cases. */
const hostile = `
import asyncio, builtins, gc, marshal, sys, types
import _duranium

async def run(ctx, payload):
    space = {**globals(), "ctx": ctx}
    lines = "\\n    ".join(payload.split("\\n"))
    exec(f"async def attack():\\n    {lines}", space)
    return await space["attack"]()
`;

let honestImage: Image;
let hostileImage: Image;
beforeAll(async () => {
  if (engine === undefined) return;
  honestImage = await imageOf(honest);
  hostileImage = await imageOf(hostile);
});

interface Attacked {
  readonly result: DriveResult;
  readonly instance: Instance;
  readonly commands: readonly string[];
}

/** Runs the statements as those of an async function in the workflow. */
async function attack(statements: string): Promise<Attacked> {
  const instance = createInstance(engine as NonNullable<typeof engine>);
  instance.reset(hostileImage);
  const { result, journal } = await driveGuest(guestOf(instance, statements));
  return { result, instance, commands: journal.record.commands.map(({ name }) => name) };
}

function guestOf(instance: Instance, payload: unknown): Guest {
  return {
    fuelUsed: 0,
    run: async (context) => instance.enter((core) => core.run(context, bytesOf(payload))),
    settle: async (settlement) => instance.enter((core) => core.settle(settlement)),
    cancel: async (now) => instance.enter((core) => core.cancel(now)),
    [Symbol.dispose]() {},
  };
}

function digestOf(instance: Instance): string {
  const { memory, globals } = instance.state();
  return createHash("sha256")
    .update(memory)
    .update(JSON.stringify([...globals.entries()].map(String)))
    .digest("hex");
}

/** What the next execution on the instance comes to, and its memory, beside those of a new instance. */
function nextOn(instance: Instance): readonly [unknown, unknown] {
  const fresh = createInstance(engine as NonNullable<typeof engine>);
  const outcomes = [instance, fresh].map((each) => {
    each.reset(honestImage);
    const turn = each.enter((core) => core.run(testContext, bytesOf("honest")));
    return { result: textOf(turn.completion?.json), memory: digestOf(each), fuel: each.fuelUsed };
  });
  return [outcomes[0], outcomes[1]];
}

const forever = "\nawait asyncio.get_running_loop().create_future()";

describe.skipIf(engine === undefined)("a Python workflow that uses what the runtime is made of", () => {
  test.each([
    [
      "uses an id twice",
      `_duranium.call(0, "timer", b'{"durationMs":1}', b"")\nasyncio.ensure_future(ctx.sleep(1))`,
    ],
    [
      "uses an id out of order",
      `_duranium.call(9, "timer", b'{"durationMs":1}', b"")\nasyncio.ensure_future(ctx.sleep(1))`,
    ],
    ["asks for an operation that does not exist", `_duranium.call(0, "exec", b"{}", b"")`],
    ["sends what is no JSON", `_duranium.call(0, "timer", b"{", b"")`],
    ["sends a body where there is none", `_duranium.call(0, "timer", b'{"durationMs":1}', b"x")`],
    ["abandons a call that was not made", "_duranium.abandon(7)"],
    ["completes with what is no JSON", `_duranium.complete(b"{")`],
    ["fails without a message", `_duranium.fail(b"{}")`],
  ])("and %s, fails without any effect", async (_, statements) => {
    const { result, commands } = await attack(`${statements}${forever}`);
    expect(result).toMatchObject({ kind: "failed", code: "guest-protocol-violated" });
    expect(commands).toEqual(["cancellation"]);
  });

  test.each([
    ["jumps out of its code", "attack_code(b'\\x97\\x00' + b'\\x6e\\xff' * 40)"],
    ["reads the stack below its frame", "attack_code(b'\\x97\\x00' + b'\\x20\\x00' * 2_000)"],
    ["loads variables that it does not have", "attack_code(b'\\x97\\x00\\x55\\xfa\\x24\\x00')"],
    ["has opcodes of random bytes", "attack_code(bytes((n * 167 + 13) % 256 for n in range(600)))"],
    [
      "loads hostile marshalled code",
      "exec(marshal.loads(marshal.dumps(compile('x = 1', '', 'exec'))[:40] + b'\\xff' * 80))",
    ],
    [
      "loads many damaged marshalled objects",
      `whole = marshal.dumps(compile("def f(a, *b):\\n  return [a, {1: b}]", "", "exec"))
for place in range(0, len(whole), 3):
    broken = bytearray(whole)
    broken[place] ^= 0x41
    try:
        marshal.loads(bytes(broken))
    except Exception:
        pass
return "survived"`,
    ],
    [
      "frees objects that are in use",
      "for each in gc.get_objects():\n    try:\n        vars(each).clear()\n    except Exception:\n        pass",
    ],
  ])("and %s, ends alone", async (_, statements) => {
    const { result, instance } = await attack(`def attack_code(code):
    def victim(a=1):
        return a
    victim.__code__ = victim.__code__.replace(co_code=code, co_stacksize=4)
    return victim()
${statements}`);
    if (result.kind === "failed")
      expect(result.code).toMatch(
        /^(sandbox-crashed|out-of-fuel|out-of-memory|workflow-failed|guest-protocol-violated|workflow-never-ends)$/,
      );
    if (!instance.isReusable) return;
    const [used, fresh] = nextOn(instance);
    expect(used).toEqual(fresh);
  });

  test("and changes modules, built-in functions and the garbage collector, leaves nothing for the next workflow", async () => {
    const { result, instance } = await attack(`builtins.leaked = True
builtins.print = len
sys.modules["json"] = None
gc.disable()
_duranium.now = lambda: 1
sys.setrecursionlimit(50)
return "done"`);
    expect(result).toEqual({ kind: "completed", value: "done" });
    expect(instance.isReusable).toBe(true);
    const [used, fresh] = nextOn(instance);
    expect(used).toEqual(fresh);
    expect(used).toMatchObject({ result: '["honest",false]' });
  });

  test("finds no native code, no memory of others, no clock and no randomness of its own", async () => {
    const statements = `import os, random, time
missing = []
for name in ("ctypes", "_ctypes", "mmap", "_posixsubprocess", "socket_native"):
    try:
        __import__(name)
    except ImportError:
        missing.append(name)
return [len(missing), time.time(), os.urandom(4).hex(), random.random(), id(object()), hash("text"), os.getpid(), dict(os.environ)]`;
    const [one, other] = [await attack(statements), await attack(statements)];
    expect(one.result).toMatchObject({
      kind: "completed",
      value: [5, ...Array.from({ length: 6 }, () => expect.anything()), {}],
    });
    expect(other.result).toEqual(one.result);
    expect(digestOf(other.instance)).toBe(digestOf(one.instance));
  });
});
