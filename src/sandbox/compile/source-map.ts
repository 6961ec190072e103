import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { maxCachedSourceMapBytes } from "../../domain/limits.ts";
import type { Failure } from "../../domain/outcome.ts";

/** A place in one of the author's files. Line and column count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * The frames of `stack` that are in the author's files, one a line: `at total (orders.ts:12:7)`. Frames of
 * the runtime, of helpers that bundling added, and whatever is no frame are left out.
 *
 * @param stack frames in the bundle, as SpiderMonkey (`total@workflow.js:12:7`) or V8 writes them
 * @param sourceMap JSON; where it cannot be read, no frame can be mapped
 */
export function mapStack(stack: string, sourceMap: string): string {
  const map = readMap(sourceMap);
  if (map === undefined) return "";
  return stack
    .slice(0, maxStackLength)
    .split("\n")
    .map((line) => mapFrame(line, map))
    .filter((frame) => frame !== undefined)
    .join("\n");
}

/** The failure with its stack, and those of its causes and errors, in the author's files. */
export function mapFailure(failure: Failure, sourceMap: string): Failure {
  const { stack, cause, errors } = failure;
  return {
    ...failure,
    ...(stack === undefined ? {} : { stack: mapStack(stack, sourceMap) }),
    ...(cause === undefined ? {} : { cause: mapFailure(cause, sourceMap) }),
    ...(errors === undefined ? {} : { errors: errors.map((error) => mapFailure(error, sourceMap)) }),
  };
}

/** Where the author wrote what a failure's innermost frame runs; `undefined` where no frame is theirs. */
export function mapPosition(stack: string, sourceMap: string): SourcePosition | undefined {
  const map = readMap(sourceMap);
  if (map === undefined) return undefined;
  const frames = stack.slice(0, maxStackLength).split("\n").map(readFrame);
  return frames
    .map((frame) => (frame === undefined ? undefined : positionOf(frame, map)))
    .find((position) => position !== undefined);
}

const maxStackLength = 256 * 1024;

interface Frame {
  readonly name: string;
  readonly line: number;
  readonly column: number;
}

const spiderMonkeyFrame = /^(async\*)?([^@]{0,500})@workflow\.js:(\d{1,9}):(\d{1,9})$/;
const v8Frame = /^\s{0,8}at (?:(.{0,500}) \()?workflow\.js:(\d{1,9}):(\d{1,9})\)?$/;

/** By their text, those that were used last in the end. Reading one of 0.8 MB takes the main thread 100 ms. */
const readMaps = new Map<string, TraceMap | undefined>();

function readMap(sourceMap: string): TraceMap | undefined {
  const map = readMaps.has(sourceMap) ? readMaps.get(sourceMap) : parseMap(sourceMap);
  readMaps.delete(sourceMap);
  readMaps.set(sourceMap, map);
  let characters = 0;
  for (const text of readMaps.keys()) characters += text.length;
  for (const text of readMaps.keys()) {
    if (characters <= maxCachedSourceMapBytes) break;
    readMaps.delete(text);
    characters -= text.length;
  }
  return map;
}

function parseMap(sourceMap: string): TraceMap | undefined {
  try {
    return new TraceMap(sourceMap);
  } catch {
    return undefined;
  }
}

function mapFrame(line: string, map: TraceMap): string | undefined {
  const frame = readFrame(line);
  const position = frame === undefined ? undefined : positionOf(frame, map);
  if (frame === undefined || position === undefined) return undefined;
  const place = `${position.file}:${position.line}:${position.column}`;
  return frame.name === "" ? `at ${place}` : `at ${frame.name} (${place})`;
}

function readFrame(line: string): Frame | undefined {
  const own = spiderMonkeyFrame.exec(line);
  if (own !== null) {
    const prefix = own[1] === undefined ? "" : "async ";
    return frameOf(`${prefix}${readableName(own[2] ?? "")}`, own[3], own[4]);
  }
  const v8 = v8Frame.exec(line);
  return v8 === null ? undefined : frameOf(readableName(v8[1] ?? ""), v8[2], v8[3]);
}

/** SpiderMonkey writes `run/<` for a function without a name in `run`, and `run<` for one that a call is given. */
function readableName(name: string): string {
  return name.replace(/(?:\/?<)+$/, "");
}

function frameOf(name: string, line = "", column = ""): Frame {
  return { name: name.trim(), line: Number(line), column: Number(column) };
}

/** Source maps count columns from 0, stacks from 1. */
function positionOf({ line, column }: Frame, map: TraceMap): SourcePosition | undefined {
  if (line < 1 || column < 1) return undefined;
  const original = originalPositionFor(map, { line, column: column - 1 });
  if (original.source === null) return undefined;
  return { file: original.source, line: original.line, column: original.column + 1 };
}
