import { now } from "../../../core/clock.ts";
import { assertArguments } from "../../../core/interface.ts";

// oxlint-disable-next-line typescript/unbound-method -- applied to forms below
const { append, set } = FormData.prototype;
/** Read before a workflow is loaded. */
const { Blob: NativeBlob, File: NativeFile } = globalThis;

type Entry = readonly [name?: unknown, value?: unknown, filename?: unknown];

/**
 * Methods of `FormData` that set `lastModified` when a blob becomes a file. The engine's versions set it to the
 * time of the engine's build.
 */
export const datedForms = {
  append(name: unknown, value: unknown, ...filename: [unknown?]): void {
    assertArguments(arguments.length, 2, "FormData.append");
    Reflect.apply(append as (...entry: unknown[]) => void, this, dated([name, value, ...filename]));
  },
  set(name: unknown, value: unknown, ...filename: [unknown?]): void {
    assertArguments(arguments.length, 2, "FormData.set");
    Reflect.apply(set as (...entry: unknown[]) => void, this, dated([name, value, ...filename]));
  },
};

/**
 * XMLHttpRequest standard, "create an entry": a blob becomes a file with the current time, and a renamed file keeps
 * its time.
 */
function dated(entry: Entry): Entry {
  const [name, value, filename] = entry;
  if (!(value instanceof NativeBlob)) return entry;
  const isFile = value instanceof NativeFile;
  if (isFile && filename === undefined) return entry;
  const lastModified = isFile ? value.lastModified : Math.trunc(now());
  const title = filename === undefined ? "blob" : (filename as string);
  return [name, new NativeFile([value], title, { type: value.type, lastModified })];
}
