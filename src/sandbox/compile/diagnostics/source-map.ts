import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { MiB } from "../../../base/binary-units.ts";
import type { Failure } from "../../../domain/outcome.ts";

/** Text of the cached source maps with which stacks of failures are mapped. */
export const maxCachedSourceMapBytes = 16 * MiB;

/**
 * The source map of a language whose stacks already name the author's files, in the form that mapped stacks have:
 * `at total (orders.py:12:7)`, the innermost frame first.
 */
export const authorPositions = JSON.stringify({
  version: 3,
  sources: [],
  mappings: "",
  x_author_positions: true,
});

/** A place in one of the author's files. Line and column count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Returns the frames of `stack` that are in the author's files, one per line: `at total (orders.ts:12:7)`.
 * Frames of the runtime and of helpers that bundling added, and lines that are not frames, are left out.
 *
 * @param stack frames in the bundle, in the format of SpiderMonkey (`total@workflow.js:12:7`) or V8
 * @param sourceMap JSON; if it cannot be read, no frame is mapped
 */
export function mapStack(stack: string, sourceMap: string): string {
  if (sourceMap === authorPositions) return ownFrames(stack).join("\n");
  const map = readMap(sourceMap);
  if (map === undefined) return "";
  return stack
    .slice(0, maxStackLength)
    .split("\n")
    .map((line) => mapFrame(line, map))
    .filter((frame) => frame !== undefined)
    .join("\n");
}

/** Maps the stack of a failure, and those of its causes and errors, to the author's files. */
export function mapFailure(failure: Failure, sourceMap: string): Failure {
  const { message, stack, cause, errors } = failure;
  return {
    ...failure,
    message: mapText(message, sourceMap),
    ...(stack === undefined ? {} : { stack: mapStack(stack, sourceMap) }),
    ...(cause === undefined ? {} : { cause: mapFailure(cause, sourceMap) }),
    ...(errors === undefined ? {} : { errors: errors.map((error) => mapFailure(error, sourceMap)) }),
  };
}

/**
 * Maps all frames of the bundle in `text` to the author's files, on lines of their own or inside other text.
 * Lines that are frames of helpers which bundling added are left out.
 */
export function mapText(text: string, sourceMap: string): string {
  const isMapped = sourceMap !== authorPositions && text.includes(bundlePosition);
  const map = isMapped ? readMap(sourceMap) : undefined;
  if (map === undefined) return text;
  const lines = text.split("\n").map((line) => mapLine(line, map));
  return lines.filter((line) => line !== undefined).join("\n");
}

/** Maps the strings in JSON as `mapText` does. */
export function mapJson(json: string, sourceMap: string): string {
  if (!json.includes(bundlePosition)) return json;
  const mapped: unknown = JSON.parse(json, (_, value: unknown) =>
    typeof value === "string" ? mapText(value, sourceMap) : value,
  );
  return JSON.stringify(mapped);
}

/**
 * Returns the author's position of a failure's innermost frame; `undefined` if no frame is in the author's
 * files.
 */
export function mapPosition(stack: string, sourceMap: string): SourcePosition | undefined {
  if (sourceMap === authorPositions) return positionIn(ownFrames(stack)[0]);
  const map = readMap(sourceMap);
  if (map === undefined) return undefined;
  const frames = stack.slice(0, maxStackLength).split("\n").map(readFrame);
  return frames
    .map((frame) => (frame === undefined ? undefined : positionOf(frame, map)))
    .find((position) => position !== undefined);
}

const maxStackLength = 256 * 1024;

/** A frame in the form that mapped stacks have. */
const ownFrame = /^at (?:.{1,500} \()?([^\s()][^()]{0,500}):(\d{1,9}):(\d{1,9})\)?$/;

function ownFrames(stack: string): readonly string[] {
  const lines = stack.slice(0, maxStackLength).split("\n");
  return lines.map((line) => line.trim()).filter((line) => ownFrame.test(line));
}

function positionIn(frame: string | undefined): SourcePosition | undefined {
  const [, file, line, column] = ownFrame.exec(frame ?? "") ?? [];
  return file === undefined ? undefined : { file, line: Number(line), column: Number(column) };
}

/** The file name under which the bundle is evaluated. */
const bundlePosition = "workflow.js:";

interface Frame {
  readonly name: string;
  readonly line: number;
  readonly column: number;
}

const spiderMonkeyFrame = /^(async\*)?([^@]{0,500})@workflow\.js:(\d{1,9}):(\d{1,9})$/;
const v8Frame = /^\s{0,8}at (?:(.{0,500}) \()?workflow\.js:(\d{1,9}):(\d{1,9})\)?$/;

/**
 * Parsed maps by their text, least recently used first. Parsing a large map blocks the main thread
 * noticeably.
 */
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

/** `undefined` if the line is a frame outside of the author's files. */
function mapLine(line: string, map: TraceMap): string | undefined {
  if (!line.includes(bundlePosition)) return line;
  const [indent = ""] = /^\s{0,40}/.exec(line) ?? [];
  const isFrame = readFrame(line.slice(indent.length)) !== undefined;
  if (!isFrame) return line.replaceAll(positionInText, (text, ...at) => mapPlace(text, at as string[], map));
  const frame = mapFrame(line.slice(indent.length), map);
  return frame === undefined ? undefined : indent + frame;
}

/** After a space, a bracket or a name: another file with that name would have a path before it. */
const positionInText = /(?<=^|[\s(@])workflow\.js:(\d{1,9}):(\d{1,9})(?!\d)/g;

function mapPlace(text: string, [line, column]: readonly string[], map: TraceMap): string {
  const position = positionOf(frameOf("", line, column), map);
  return position === undefined ? text : placeOf(position);
}

function placeOf({ file, line, column }: SourcePosition): string {
  return `${file}:${line}:${column}`;
}

function mapFrame(line: string, map: TraceMap): string | undefined {
  const frame = readFrame(line);
  const position = frame === undefined ? undefined : positionOf(frame, map);
  if (frame === undefined || position === undefined) return undefined;
  const place = placeOf(position);
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

/**
 * SpiderMonkey writes `run/<` for an anonymous function in `run`, and `run<` for one that is passed to a
 * call.
 */
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
