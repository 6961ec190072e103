import type { FunctionType, ValueType } from "../wasm/module.ts";

/**
 * The world `workflow` of `wit/runtime.wit` as a core module has it: the canonical ABI passes a string or a list as a pointer
 * and a length, and a result that does not fit into a number as an address.
 */

/** The functions that a module may import from the host. */
export const hostFunctions: ReadonlyMap<string, FunctionType> = new Map([
  ["call", typeOf("iiiiiii")],
  ["abandon", typeOf("i")],
  ["complete", typeOf("ii")],
  ["fail", typeOf("ii")],
  ["log", typeOf("iii")],
  ["compute", typeOf("iiiiiii")],
]);

export interface WorldExport {
  readonly type: FunctionType;
  /** True if a module without it has an empty function in its place. */
  readonly isOptional: boolean;
}

/** The functions that the host calls, beside the export `memory`. */
export const worldExports: ReadonlyMap<string, WorldExport> = new Map([
  ["cabi_realloc", { type: typeOf("iiii", "i"), isOptional: false }],
  ["run", { type: typeOf("iiiiiiiiiidiiii"), isOptional: false }],
  ["settle", { type: typeOf("idiiii"), isOptional: false }],
  ["cancel", { type: typeOf("d"), isOptional: false }],
  ["evaluate", { type: typeOf("ii", "i"), isOptional: true }],
  ["declarations", { type: typeOf("", "i"), isOptional: true }],
  ["extend", { type: typeOf("ii"), isOptional: true }],
  ["_initialize", { type: typeOf(""), isOptional: true }],
  ["cabi_post_evaluate", { type: typeOf("i"), isOptional: true }],
  ["cabi_post_declarations", { type: typeOf("i"), isOptional: true }],
  ["cabi_post_extend", { type: typeOf(""), isOptional: true }],
  ["cabi_post_run", { type: typeOf(""), isOptional: true }],
  ["cabi_post_settle", { type: typeOf(""), isOptional: true }],
  ["cabi_post_cancel", { type: typeOf(""), isOptional: true }],
]);

/** In `run`: the parameters with the address of the seed and the clock. */
export const runParameters = { seed: 8, now: 10 } as const;

function typeOf(parameters: string, results = ""): FunctionType {
  return { parameters: typesOf(parameters), results: typesOf(results) };
}

/** `i` is an i32, and `d` an f64. */
function typesOf(letters: string): readonly ValueType[] {
  return Array.from(letters, (letter) => (letter === "d" ? "f64" : "i32"));
}

/** `(i32, i32) -> i32`, as in messages of WebAssembly tools. */
export function shownType({ parameters, results }: FunctionType): string {
  return `(${parameters.join(", ")}) -> ${results.length === 1 ? results.join() : `(${results.join(", ")})`}`;
}

export function isSameType(a: FunctionType, b: FunctionType): boolean {
  return shownType(a) === shownType(b);
}
