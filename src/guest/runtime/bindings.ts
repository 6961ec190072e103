/**
 * Converts between the numbers of the engine's WebAssembly functions and the values of `main.ts`, by the component
 * model's canonical ABI for Duranium's one world. It replaces the generic bindings that componentize-js generates,
 * which are considerably slower.
 *
 * The embedding evaluates it as a script in a separate global that no workflow can reach, so a workflow that
 * replaces methods of `Uint8Array.prototype` gets no view of the linear memory. The values that the runtime
 * receives are instances of the workflow's classes.
 */
import type * as runtime from "./main.ts";

type Runtime = Pick<typeof runtime, "evaluate" | "declarations" | "extend" | "run" | "settle" | "cancel"> &
  Partial<Pick<typeof runtime, "watchRejections">>;

/** The embedding's own functions, and the imports in the order of `wit/runtime.wit`. */
type Embedding = readonly [
  memory: { readonly buffer: ArrayBuffer },
  allocate: (pointer: number, length: number, alignment: number, newLength: number) => number,
  free: (pointer: number, length: number, alignment: number) => void,
  call: (
    id: number,
    operation: number,
    operationLength: number,
    args: number,
    argsLength: number,
    body: number,
    bodyLength: number,
  ) => void,
  abandon: (id: number) => void,
  complete: (value: number, valueLength: number) => void,
  fail: (failure: number, failureLength: number) => void,
  log: (level: number, line: number, lineLength: number) => void,
  compute: (
    operation: number,
    operationLength: number,
    parameters: number,
    parametersLength: number,
    inputs: number,
    inputCount: number,
  ) => number,
  /** Defined in an engine: `sandbox/engine/passes/embedded-data.ts`. */
  data?: (offset: number, length: number, target: number) => void,
];

/**
 * The address at which the embedding stores its set of rejected promises without a handler
 * (`rejections-address.ts`).
 */
declare const rejectionsAddress: number;

/** The object that the embedding defines on this global. */
declare const $bindings: Embedding;
declare const $source_mod: Runtime;
declare const contentGlobal: typeof globalThis;
declare const defineBuiltinModule: (name: string, module: object) => void;

const [memory, allocate, free, call, abandon, complete, fail, log, compute, data] = $bindings;
Reflect.deleteProperty(globalThis, "$bindings");

const WorkflowBytes = contentGlobal.Uint8Array;
const encode = contentGlobal.TextEncoder.prototype.encode.bind(new contentGlobal.TextEncoder());
const decode = contentGlobal.TextDecoder.prototype.decode.bind(new contentGlobal.TextDecoder());
/** A workflow could have replaced its own getter. */
// oxlint-disable-next-line typescript/unbound-method -- called on bytes below
const getLength = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), "length")
  ?.get as () => number;
const lengthOf = (bytes: Uint8Array): number => getLength.call(bytes);

/** The levels of `log`, indexed by their numbers. */
const levels: readonly unknown[] = ["debug", "info", "warn", "error"];

/** The result of the exports: the embedding runs the microtasks and then requires a settled promise. */
const settled = Promise.resolve();

/** The address of a copy of a list, which stays valid until the host has copied it. */
function put(bytes: Uint8Array, length: number): number {
  // An empty list needs no allocation, and its address is not read.
  if (length === 0) return 1;
  const pointer = allocate(0, 0, 1, length);
  new Uint8Array(memory.buffer, pointer, length).set(bytes);
  return pointer;
}

interface List {
  readonly pointer: number;
  readonly length: number;
}

/** A list of lists: a pointer and a length for each. */
function putTable(lists: readonly List[]): number {
  const table = allocate(0, 0, 4, tableBytes(lists));
  new Uint32Array(memory.buffer, table, 2 * lists.length).set(
    lists.flatMap(({ pointer, length }) => [pointer, length]),
  );
  return table;
}

/** An empty table needs no allocation. */
function tableBytes({ length }: readonly List[]): number {
  return 8 * length + 4;
}

/** `result<list<u8>, string>`: a byte that is 0 for ok, and the list at an offset of four bytes. */
function takeResult(result: number): Uint8Array<ArrayBuffer> | string {
  const view = new DataView(memory.buffer, result, 12);
  const isError = view.getUint8(0) !== 0;
  const pointer = view.getUint32(4, true);
  const length = view.getUint32(8, true);
  free(result, 12, 4);
  return isError ? takeText(pointer, length) : takeBytes(pointer, length);
}

function takeBytes(pointer: number, length: number): Uint8Array<ArrayBuffer> {
  if (length === 0) return new WorkflowBytes(0);
  const bytes = new WorkflowBytes(new Uint8Array(memory.buffer, pointer, length));
  free(pointer, length, 1);
  return bytes;
}

function takeText(pointer: number, length: number): string {
  if (length === 0) return "";
  const text = decode(new Uint8Array(memory.buffer, pointer, length));
  free(pointer, length, 1);
  return text;
}

/** A case of a result whose value is a list: a byte for the case, and the list at an offset of four bytes. */
function putResult(result: number, discriminant: 0 | 1, bytes: Uint8Array): void {
  const length = lengthOf(bytes);
  const pointer = put(bytes, length);
  const view = new DataView(memory.buffer);
  view.setUint8(result, discriminant);
  view.setUint32(result + 4, pointer, true);
  view.setUint32(result + 8, length, true);
}

defineBuiltinModule("duranium:runtime/host@0.1.0", {
  call(id: number, operation: string, args: Uint8Array, body: Uint8Array): void {
    const name = encode(operation);
    const nameLength = lengthOf(name);
    const argsLength = lengthOf(args);
    const bodyLength = lengthOf(body);
    call(
      id,
      put(name, nameLength),
      nameLength,
      put(args, argsLength),
      argsLength,
      put(body, bodyLength),
      bodyLength,
    );
  },
  abandon(id: number): void {
    abandon(id);
  },
  complete(value: Uint8Array): void {
    const length = lengthOf(value);
    complete(put(value, length), length);
  },
  fail(failure: Uint8Array): void {
    const length = lengthOf(failure);
    fail(put(failure, length), length);
  },
  log(level: string, line: Uint8Array): void {
    const length = lengthOf(line);
    log(levels.indexOf(level), put(line, length), length);
  },
  compute(operation: string, parameters: Uint8Array, inputs: readonly Uint8Array[]): Uint8Array | string {
    const lists = [encode(operation), parameters, ...inputs].map((bytes): List => {
      const length = lengthOf(bytes);
      return { pointer: put(bytes, length), length };
    });
    const [name, parameter, ...rest] = lists as [List, List, ...List[]];
    const table = putTable(rest);
    const result = compute(
      name.pointer,
      name.length,
      parameter.pointer,
      parameter.length,
      table,
      rest.length,
    );
    // Allocations of a turn are freed at its end, which may be many computations later, so these are freed now.
    for (const { pointer, length } of lists) if (length !== 0) free(pointer, length, 1);
    free(table, tableBytes(rest), 4);
    return takeResult(result);
  },
  data(offset: number, length: number): string {
    const pointer = allocate(0, 0, 1, length);
    data?.(offset, length, pointer);
    return takeText(pointer, length);
  },
});

let { evaluate, declarations, extend, run, settle, cancel } = {} as Runtime;

/**
 * The object to which the embedding stores a pointer at `address`. The embedding has no function that returns it,
 * so the pointer is written into an array whose elements are found by two marker numbers. A value takes 8 bytes:
 * the payload, then the tag. This is only done while the engine is built.
 */
function objectAt(address: number): Set<unknown> {
  const before = 0x1bad_c0de;
  const after = 0x2bad_c0de;
  const [integerTag, objectTag] = [0xffff_ff81, 0xffff_ff8c];
  const probe: unknown[] = [];
  probe.push(before, 0, after);
  const words = new Uint32Array(memory.buffer);
  for (let at = words.indexOf(before); at !== -1; at = words.indexOf(before, at + 1)) {
    if (words[at + 1] !== integerTag || words[at + 4] !== after || words[at + 5] !== integerTag) continue;
    words.set([words[address / 4] ?? 0, objectTag], at + 2);
  }
  return probe[1] as Set<unknown>;
}

/** The embedding finds the exports by these names. Numbers are passed as signed. */
Object.assign(globalThis, {
  bindExports(): void {
    ({ evaluate, declarations, extend, run, settle, cancel } = $source_mod);
    $source_mod.watchRejections?.(objectAt(rejectionsAddress));
  },

  /**
   * `result` is the address of a `result<_, list<u8>>`: a byte that is 0 for ok, and the list at an offset of four
   * bytes.
   */
  export_evaluate(source: number, sourceLength: number, result: number): Promise<void> {
    try {
      evaluate(takeText(source, sourceLength));
      new DataView(memory.buffer).setUint8(result, 0);
    } catch (thrown) {
      putResult(result, 1, thrown as Uint8Array);
    }
    return settled;
  },

  /** `result` is where a `result<list<u8>, list<u8>>` is stored. */
  export_declarations(result: number): Promise<void> {
    try {
      putResult(result, 0, declarations());
    } catch (thrown) {
      putResult(result, 1, thrown as Uint8Array);
    }
    return settled;
  },

  export_extend(members: number, membersLength: number): Promise<void> {
    extend(takeBytes(members, membersLength));
    return settled;
  },

  export_run(
    workflowId: number,
    workflowIdLength: number,
    version: number,
    executionId: number,
    executionIdLength: number,
    hasEntryPoint: number,
    entryPoint: number,
    entryPointLength: number,
    seed: number,
    seedLength: number,
    now: number,
    callbackUrl: number,
    callbackUrlLength: number,
    payload: number,
    payloadLength: number,
  ): Promise<void> {
    const ctx = {
      workflowId: takeText(workflowId, workflowIdLength),
      version,
      executionId: takeText(executionId, executionIdLength),
      entryPoint: hasEntryPoint === 0 ? undefined : takeText(entryPoint, entryPointLength),
      seed: takeBytes(seed, seedLength),
      now,
      callbackUrl: takeText(callbackUrl, callbackUrlLength),
    };
    run(ctx, takeBytes(payload, payloadLength));
    return settled;
  },

  export_settle(
    id: number,
    now: number,
    outcome: number,
    outcomeLength: number,
    body: number,
    bodyLength: number,
  ): Promise<void> {
    settle(id >>> 0, now, takeBytes(outcome, outcomeLength), takeBytes(body, bodyLength));
    return settled;
  },

  export_cancel(now: number): Promise<void> {
    cancel(now);
    return settled;
  },
});
