import type { CallSite } from "../recordings/recording.ts";
import type { SourceMapper } from "./replayed-version.ts";

/** @param stack frames in lines of the bundle */
export function callSitesOf(stack: string, mapper: SourceMapper): CallSite[] {
  return callSitesIn(mapper.failure({ name: "Error", message: "", stack }).stack ?? "");
}

/** @param mapped frames in the author's files, one on each line: `at total (orders.ts:12:7)` */
export function callSitesIn(mapped: string): CallSite[] {
  return mapped.split("\n").flatMap((frame) => readFrame(frame) ?? []);
}

const frameForm = /^at (?:(.*) \()?([^()]+):(\d{1,9}):(\d{1,9})\)?$/;

function readFrame(frame: string): CallSite | undefined {
  const [, name, file, line, column] = frameForm.exec(frame) ?? [];
  if (file === undefined) return undefined;
  const place = { file, line: Number(line), column: Number(column) };
  return name === undefined ? place : { function: name, ...place };
}
