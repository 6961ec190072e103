import { assembleBody } from "../wasm/code.ts";
import type { FunctionType } from "../wasm/module.ts";
import { opcodes } from "../wasm/opcodes.ts";
import type { ModuleInterface } from "./interface-check.ts";
import { wasiFunctions } from "./wasi/answers.ts";
import type { WasiEnvironment } from "./wasi/answers.ts";
import { bodyOf, call, get, i32, set, store, when } from "./wasi/instructions.ts";
import type { Code } from "./wasi/instructions.ts";
import { appendBody, flushBody, flushLines } from "./wasi/lines.ts";
import { globalsFrom } from "./wasi/wasi-globals.ts";
import { runParameters, worldExports } from "./world.ts";

/** The functions that a module is given, and their code. */

/** A function by its name among the added ones. */
export interface AddedFunction {
  readonly name: string;
  readonly type: FunctionType;
  /** True if it is exported under its name. */
  readonly isExported?: true;
  readonly body: (indices: FunctionIndices) => Uint8Array;
}

/** Indices in the rewritten module. */
export interface FunctionIndices {
  readonly ofHost: (name: string) => number;
  readonly ofAdded: (name: string) => number;
  /** @param index of a function in the module as the author wrote it */
  readonly ofModule: (index: number) => number;
  /** The first global that is added. */
  readonly firstGlobal: number;
}

export interface AuthorModule extends ModuleInterface {
  /** The function that runs at the instantiation. */
  readonly start: number | undefined;
  readonly usesWasi: boolean;
  /** The data segments that `memory.init` copies from. */
  readonly segments: ReadonlySet<number>;
}

export function addedFunctions(module: AuthorModule): readonly AddedFunction[] {
  return [
    evaluateFunction(module),
    ...missingExports(module),
    ...(module.usesWasi ? [...wasiAnswers(module), ...turnFunctions(module)] : []),
    ...[...module.segments].map(segmentFunction),
  ];
}

/** Runs what runs at the instantiation, then the author's own function. */
function evaluateFunction({ exports, start }: AuthorModule): AddedFunction {
  const [initialize, evaluate] = [exports.get("_initialize"), exports.get("evaluate")];
  return {
    ...declaredExport("evaluate"),
    body: (indices) => {
      const first = [start, initialize].flatMap((index) =>
        index === undefined ? [] : [call(indices.ofModule(index))],
      );
      if (evaluate !== undefined)
        return bodyOf([], [...first, get(0), get(1), call(indices.ofModule(evaluate))]);
      return bodyOf(["i32"], [...first, ...emptyResult(2, exports, indices)]);
    },
  };
}

function missingExports({ exports }: AuthorModule): readonly AddedFunction[] {
  return [...worldExports].flatMap(([name, { type, isOptional }]): AddedFunction[] => {
    if (!isOptional || exports.has(name) || name === "evaluate" || name === "_initialize") return [];
    if (type.results.length === 0) return [{ ...declaredExport(name), body: () => assembleBody() }];
    return [
      { ...declaredExport(name), body: (indices) => bodyOf(["i32"], emptyResult(0, exports, indices)) },
    ];
  });
}

/** Allocates a result that says that there is nothing: ok, and an empty list. */
function emptyResult(local: number, exports: ReadonlyMap<string, number>, indices: FunctionIndices): Code {
  const allocate = call(indices.ofModule(exports.get("cabi_realloc") ?? 0));
  const words = [0, 4, 8].flatMap((offset) => store([get(local)], [i32(0)], offset));
  return [i32(0), i32(0), i32(4), i32(12), allocate, set(local), ...words, get(local)];
}

function declaredExport(name: string): Pick<AddedFunction, "name" | "type" | "isExported"> {
  const declared = worldExports.get(name)?.type ?? { parameters: [], results: [] };
  return { name, type: declared, isExported: true };
}

function wasiAnswers({ imports, exports }: AuthorModule): readonly AddedFunction[] {
  const names = new Set(imports.flatMap(({ source, name }) => (source === "wasi" ? [name] : [])));
  const environment = (indices: FunctionIndices) => wasiEnvironment(indices, exports);
  return [
    {
      name: "append",
      type: { parameters: ["i32", "i32"], results: [] },
      body: (indices) => appendBody(environment(indices).functions),
    },
    {
      name: "flush",
      type: { parameters: ["i32"], results: [] },
      body: (indices) => flushBody(environment(indices).functions),
    },
    ...[...names].flatMap((name): AddedFunction[] => {
      const known = wasiFunctions.get(name);
      if (known === undefined) return [];
      return [
        { name: `wasi ${name}`, type: known.type, body: (indices) => known.body(environment(indices)) },
      ];
    }),
  ];
}

function wasiEnvironment(indices: FunctionIndices, exports: ReadonlyMap<string, number>): WasiEnvironment {
  return {
    globals: globalsFrom(indices.firstGlobal),
    functions: {
      log: indices.ofHost("log"),
      fail: indices.ofHost("fail"),
      allocate: indices.ofModule(exports.get("cabi_realloc") ?? 0),
      append: indices.ofAdded("append"),
      flush: indices.ofAdded("flush"),
    },
  };
}

/** The functions of a turn, with the clock and the seed for WASI in front and the last console line behind. */
function turnFunctions({ exports }: AuthorModule): readonly AddedFunction[] {
  const turn = (name: string, before: (environment: WasiEnvironment) => Code): AddedFunction => ({
    ...declaredExport(name),
    body: (indices) => {
      const environment = wasiEnvironment(indices, exports);
      const parameters = worldExports.get(name)?.type.parameters ?? [];
      return bodyOf(
        [],
        [
          ...before(environment),
          ...parameters.map((_, index) => get(index)),
          call(indices.ofModule(exports.get(name) ?? 0)),
          ...flushLines(environment.globals, environment.functions),
        ],
      );
    },
  });
  return [
    turn("run", beginExecution),
    turn("settle", ({ globals }) => moveClock(globals.now, 1)),
    turn("cancel", ({ globals }) => moveClock(globals.now, 0)),
  ];
}

function beginExecution({ globals }: WasiEnvironment): Code {
  const words = [0, 1, 2, 3].flatMap((word): Code => {
    return [get(runParameters.seed), [opcodes.i64Load, 0, 8 * word], [opcodes.globalSet, globals.key + word]];
  });
  return [
    get(runParameters.now),
    [opcodes.globalSet, globals.now],
    ...words,
    [opcodes.i64Const, 0n],
    [opcodes.globalSet, globals.block],
  ];
}

/** The clock never goes back; the end of a turn comes with 0. */
function moveClock(now: number, parameter: number): Code {
  return when(
    [get(parameter), [opcodes.globalGet, now], [opcodes.f64Greater]],
    [get(parameter), [opcodes.globalSet, now]],
  );
}

/**
 * Copies from a data segment. The target is filled first, by an instruction that is charged, tracked and checked against
 * the bounds like all others.
 */
function segmentFunction(segment: number): AddedFunction {
  return {
    name: `segment ${segment}`,
    type: { parameters: ["i32", "i32", "i32"], results: [] },
    body: () =>
      bodyOf(
        [],
        [
          get(0),
          i32(0),
          get(2),
          [opcodes.memoryFill, 0],
          get(0),
          get(1),
          get(2),
          [opcodes.memoryInit, segment, 0],
        ],
      ),
  };
}
