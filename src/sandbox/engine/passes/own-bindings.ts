import { readFileSync, writeFileSync } from "node:fs";
import { interceptWizer } from "./wizer-call.ts";

/**
 * The start of the script that componentize generates: the imports in this order, on which Duranium's
 * bindings rely. An engine has `data` after them (`embedded-data.ts`), a portable component does not.
 */
const embedding = [
  "$memory",
  "$realloc",
  "$dealloc",
  ...["call", "abandon", "complete", "fail", "log", "compute"].map(
    (name) => `$import_duranium_runtime_host_0_1_0$${name}`,
  ),
].join(", ");
const dataImport = "$import_duranium_runtime_host_0_1_0$data";

/**
 * Builds of this process use these bindings instead of those that componentize generates.
 *
 * @param bindings a script: `src/guest/runtime/bindings.ts`
 */
export function useBindings(bindings: string): void {
  interceptWizer((call) => {
    const [, path] = /--initializer-script-path (\S+)/.exec(call.input) ?? [];
    if (path === undefined) throw new Error("componentize generated no bindings to replace");
    assertSameEmbedding(readFileSync(path, "utf8"));
    writeFileSync(path, bindings);
    return call;
  });
}

/** @throws if componentize generates another order of imports than these bindings expect */
export function assertSameEmbedding(generated: string): void {
  if (generated.includes(`[${embedding}] = $bindings`)) return;
  if (generated.includes(`[${embedding}, ${dataImport}] = $bindings`)) return;
  throw new Error("The bindings that componentize generates have an unexpected order of imports");
}
