import { transpile } from "@bytecodealliance/jco";
import { messageOf } from "../../src/domain/errors.ts";
import type { LogLevel } from "../../src/domain/log-line.ts";
import type { Guest, GuestCall, GuestContext, GuestLog, Turn } from "../../src/host/guest.ts";
import { compute } from "../../src/sandbox/crypto/compute.ts";

/** The exports of a component of `wit/runtime.wit` in jco's glue code. */
interface ComponentExports {
  run(ctx: GuestContext, payload: Uint8Array): void;
  settle(id: number, now: number, outcome: Uint8Array, body: Uint8Array): void;
  cancel(now: number): void;
}

type Instantiate = (
  getCore: (name: string) => Promise<WebAssembly.Module>,
  imports: object,
) => Promise<ComponentExports>;

/** The parts of a portable component. */
export interface PortableCore {
  /** Size in bytes of the core module that contains the engine and the workflow. */
  readonly size: number;
  /** Creates a new instance. `compile` is called for each core module. */
  open(compile?: (bytes: Uint8Array<ArrayBuffer>) => Promise<WebAssembly.Module>): Promise<Guest>;
}

/** Runs a portable component like any other host: with jco's glue code, and only the host functions of Duranium. */
export async function openPortableGuest(component: Uint8Array): Promise<Guest> {
  return await (await transpilePortable(component)).open();
}

export async function transpilePortable(component: Uint8Array): Promise<PortableCore> {
  const { files } = await transpile(component, { name: "portable", instantiation: "async" });
  const contents = new Map(Object.entries(files));
  const glue = Buffer.from(contents.get("portable.js") ?? "").toString("base64");
  const module = (await import(/* @vite-ignore */ `data:text/javascript;base64,${glue}`)) as {
    instantiate: Instantiate;
  };
  return {
    size: contents.get("portable.core.wasm")?.length ?? 0,
    async open(compile = async (bytes) => await WebAssembly.compile(bytes)) {
      const recorder = createRecorder();
      const exports = await module.instantiate(
        async (name) => await compile(Buffer.from(contents.get(name) ?? "")),
        { "duranium:runtime/host": recorder.host },
      );
      return guestOf(exports, recorder);
    },
  };
}

function guestOf(exports: ComponentExports, recorder: ReturnType<typeof createRecorder>): Guest {
  return {
    fuelUsed: 0,
    async run(context, payload) {
      exports.run(context, payload);
      return recorder.take();
    },
    async settle({ id, now, outcome, body }) {
      exports.settle(id, now, outcome, body);
      return recorder.take();
    },
    async cancel(now) {
      exports.cancel(now);
      return recorder.take();
    },
    [Symbol.dispose]() {},
  };
}

/**
 * The host's `compute` in the form that jco's glue code requires: it throws the error of a `result` as a payload.
 */
export function computeForJco(
  operation: string,
  parameters: Uint8Array,
  inputs: readonly Uint8Array[],
): Uint8Array {
  const request = { operation, parameters: new TextDecoder().decode(parameters), inputs };
  try {
    return compute(request, () => true) ?? new Uint8Array();
  } catch (error) {
    throw Object.assign(new Error("refused"), { payload: messageOf(error) });
  }
}

function createRecorder() {
  let calls: GuestCall[] = [];
  let abandoned: number[] = [];
  let logs: GuestLog[] = [];
  let completion: Turn["completion"];
  return {
    host: {
      call: (id: number, operation: string, args: Uint8Array, body: Uint8Array) =>
        void calls.push({ id, operation, arguments: args, body }),
      abandon: (id: number) => void abandoned.push(id),
      compute: computeForJco,
      log: (level: LogLevel, line: Uint8Array) => void logs.push({ level, line }),
      complete: (json: Uint8Array) => void (completion ??= { ok: true, json }),
      fail: (json: Uint8Array) => void (completion ??= { ok: false, json }),
    },
    take(): Turn {
      const turn = { calls, abandoned, logs, ...(completion === undefined ? {} : { completion }) };
      calls = [];
      abandoned = [];
      logs = [];
      completion = undefined;
      return turn;
    },
  };
}
