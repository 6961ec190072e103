import type { FunctionType, ValueType } from "../../wasm/module.ts";
import { opcodes } from "../../wasm/opcodes.ts";
import { add, bodyOf, call, get, i32, set, store, storeByte, storeText, when } from "./instructions.ts";
import type { Code } from "./instructions.ts";
import { flushLines, writeBody } from "./lines.ts";
import type { LineFunctions } from "./lines.ts";
import { randomBody } from "./random.ts";
import type { WasiGlobals } from "./wasi-globals.ts";

/**
 * What a module receives from WASI preview 1, which the standard libraries of most languages call: answers that follow from
 * the journal, computed inside of the module.
 *
 * The clock is that of the execution, random bytes come from its seed, and standard output and error are its console. There
 * are no arguments, no environment variables and no files.
 */

/** The module that such functions are imported from. */
export const wasiModule = "wasi_snapshot_preview1";

/** What the bodies refer to. */
export interface WasiEnvironment {
  readonly globals: WasiGlobals;
  readonly functions: LineFunctions & { readonly fail: number };
}

type Body = (environment: WasiEnvironment) => Uint8Array;

export interface WasiFunction {
  readonly type: FunctionType;
  readonly body: Body;
}

/** Error numbers (`errno`). */
const [success, badDescriptor, unsupported] = [0, 8, 58];

/** A function that answers with a number: `i` is a parameter of type i32, and `I` of type i64. */
function answer(parameters: string, body: Body | number): WasiFunction {
  const types = Array.from(parameters, (type): ValueType => (type === "I" ? "i64" : "i32"));
  const type: FunctionType = { parameters: types, results: ["i32"] };
  return { type, body: typeof body === "number" ? () => bodyOf([], [i32(body)]) : body };
}

export const wasiFunctions: ReadonlyMap<string, WasiFunction> = new Map([
  ["args_get", answer("ii", success)],
  ["args_sizes_get", answer("ii", noItems)],
  ["environ_get", answer("ii", success)],
  ["environ_sizes_get", answer("ii", noItems)],
  ["clock_res_get", answer("ii", clockResolution)],
  ["clock_time_get", answer("iIi", clockTime)],
  ["random_get", answer("ii", ({ globals }) => randomBody(globals))],
  ["fd_write", answer("iiii", ({ globals, functions }) => writeBody(globals, functions))],
  ["proc_exit", { type: { parameters: ["i32"], results: [] }, body: exit }],
  ["sched_yield", answer("", success)],
  ["fd_fdstat_get", answer("ii", descriptorState)],
  ["fd_read", answer("iiii", endOfInput)],
  ["poll_oneoff", answer("iiii", unsupported)],
  ["proc_raise", answer("i", unsupported)],
  ["sock_accept", answer("iii", badDescriptor)],
  ["sock_recv", answer("iiiiii", badDescriptor)],
  ["sock_send", answer("iiiii", badDescriptor)],
  ["sock_shutdown", answer("ii", badDescriptor)],
  ...Object.entries({
    fd_advise: "iIIi",
    fd_allocate: "iII",
    fd_close: "i",
    fd_datasync: "i",
    fd_fdstat_set_flags: "ii",
    fd_fdstat_set_rights: "iII",
    fd_filestat_get: "ii",
    fd_filestat_set_size: "iI",
    fd_filestat_set_times: "iIIi",
    fd_pread: "iiiIi",
    fd_prestat_dir_name: "iii",
    fd_prestat_get: "ii",
    fd_pwrite: "iiiIi",
    fd_readdir: "iiiIi",
    fd_renumber: "ii",
    fd_seek: "iIii",
    fd_sync: "i",
    fd_tell: "ii",
    path_create_directory: "iii",
    path_filestat_get: "iiiii",
    path_filestat_set_times: "iiiiIIi",
    path_link: "iiiiiii",
    path_open: "iiiiiIIii",
    path_readlink: "iiiiii",
    path_remove_directory: "iii",
    path_rename: "iiiiii",
    path_symlink: "iiiii",
    path_unlink_file: "iii",
  }).map(([name, parameters]) => [name, answer(parameters, badDescriptor)] as const),
]);

/** The numbers of arguments or variables, and of their bytes. */
function noItems(): Uint8Array {
  return bodyOf([], [...store([get(0)], [i32(0)]), ...store([get(1)], [i32(0)]), i32(success)]);
}

/** The clock counts milliseconds, and WASI counts nanoseconds. */
function clockResolution(): Uint8Array {
  return bodyOf([], [get(1), [opcodes.i64Const, 1_000_000n], [opcodes.i64Store, 0, 0], i32(success)]);
}

/** Every clock is that of the execution: it stands still during a turn. */
function clockTime({ globals }: WasiEnvironment): Uint8Array {
  const nanoseconds: Code = [
    [opcodes.globalGet, globals.now],
    [opcodes.i64TruncateSaturatedUnsigned],
    [opcodes.i64Const, 1_000_000n],
    [opcodes.i64Multiply],
  ];
  return bodyOf([], [get(2), ...nanoseconds, [opcodes.i64Store, 0, 0], i32(success)]);
}

/** Descriptors 0, 1 and 2 are character devices, so that C writes line by line. */
function descriptorState(): Uint8Array {
  const characterDevice = 2;
  const words = [characterDevice, 0, 0, 0, 0, 0];
  return bodyOf(
    [],
    [
      ...when([get(0), i32(2), [opcodes.i32GreaterUnsigned]], [i32(badDescriptor), [opcodes.return]]),
      ...words.flatMap((word, index) => store([get(1)], [i32(word)], index * 4)),
      i32(success),
    ],
  );
}

/** Standard input is empty. */
function endOfInput(): Uint8Array {
  return bodyOf(
    [],
    [...when([get(0)], [i32(badDescriptor), [opcodes.return]]), ...store([get(3)], [i32(0)]), i32(success)],
  );
}

/**
 * The execution fails with the exit code in its message, and the program does not continue: its memory is not used again, so
 * the message may overwrite it.
 */
function exit({ globals, functions }: WasiEnvironment): Uint8Array {
  const [exitCode, at] = [0, 1];
  const head = '{"name":"ProcessExit","message":"The program ended itself with exit code ';
  const tail = '"}';
  const digits = Array.from({ length: 10 }, (_, index) => 10 ** (9 - index));
  return bodyOf(
    ["i32"],
    [
      ...flushLines(globals, functions),
      ...storeText([i32(0)], head),
      i32(head.length),
      set(at),
      ...digits.flatMap((divisor) =>
        when(divisor === 1 ? [i32(1)] : [get(exitCode), i32(divisor), [opcodes.i32GreaterEqualUnsigned]], [
          ...storeByte([get(at)], decimalDigit(exitCode, divisor)),
          ...add(at, 1),
        ]),
      ),
      ...storeText([get(at)], tail),
      i32(0),
      get(at),
      i32(tail.length),
      [opcodes.i32Add],
      call(functions.fail),
      [opcodes.unreachable],
    ],
  );
}

function decimalDigit(local: number, divisor: number): Code {
  return [
    get(local),
    i32(divisor),
    [opcodes.i32DivideUnsigned],
    i32(10),
    [opcodes.i32RemainderUnsigned],
    i32(0x30),
    [opcodes.i32Add],
  ];
}
