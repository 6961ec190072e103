import { inMiB } from "../../base/binary-units.ts";
import type { Diagnostic } from "../../domain/errors.ts";
import type { WorkflowSource } from "../../domain/workflow.ts";
import { refused } from "./bundler/bundle.ts";
import type { Bundle } from "./bundler/bundle.ts";
import { maxBundleBytes } from "./bundler/limits.ts";
import { authorPositions } from "./diagnostics/source-map.ts";

/** @throws {DuraniumError} `bundle-too-large` */
export function preparePython(source: WorkflowSource): Bundle {
  const code = new TextEncoder().encode(pythonCode(source));
  assertFitting(code.length, source);
  return { code, sourceMap: authorPositions, warnings: warningsOf(source) };
}

/** What a Python engine evaluates. The order of the files is that of their names. */
export function pythonCode({ entry, files, binaryFiles }: WorkflowSource): string {
  const json = JSON.stringify({
    entry,
    files: sorted(files),
    ...(binaryFiles === undefined ? {} : { binaryFiles: sorted(binaryFiles) }),
  });
  // A Python text takes as many bytes for each character as its widest one needs: four for all, because of one emoji.
  return json.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function sorted(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function warningsOf({ dependencies = {} }: WorkflowSource): readonly Diagnostic[] {
  if (Object.keys(dependencies).length === 0) return [];
  return [
    {
      message: "The npm packages in `dependencies` have no effect in Python",
      hint: "Deploy with `npx duranium deploy`, which sends the Python packages that the workflow imports",
    },
  ];
}

function assertFitting(bytes: number, { files, binaryFiles = {} }: WorkflowSource): void {
  if (bytes <= maxBundleBytes) return;
  const sizes = Object.entries({ ...files, ...binaryFiles }).map(
    ([name, text]) => [name, text.length] as const,
  );
  const largest = sizes.toSorted(([, a], [, b]) => b - a).slice(0, 3);
  const shown = largest.map(([name, length]) => `${name} (${inMiB(length)})`).join(", ");
  const message = `The files have ${inMiB(bytes)} and the limit is ${inMiB(maxBundleBytes)}`;
  throw refused("bundle-too-large", [{ message, hint: `The largest are ${shown}. Import smaller packages` }]);
}
