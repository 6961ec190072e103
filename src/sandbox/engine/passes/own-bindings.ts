import { readFileSync, writeFileSync } from "node:fs";
import { interceptWizer } from "./wizer-call.ts";

/**
 * What the script that componentize generates begins the use of the embedding with; ours knows the imports by this order. An
 * engine has `data` behind them (`embedded-data.ts`), a portable component has not.
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
 * Builds of this process get these bindings in the place of those which componentize generates.
 *
 * @param bindings a script: `src/guest/runtime/bindings.ts`
 */
export function useBindings(bindings: string): void {
  interceptWizer((call) => {
    const [, path] = /--initializer-script-path (\S+)/.exec(call.input) ?? [];
    if (path === undefined)
      throw new Error("componentize gives the engine no bindings that could be replaced");
    assertSameEmbedding(readFileSync(path, "utf8"));
    writeFileSync(path, bindings);
    return call;
  });
}

/** @throws where those that componentize generates know the embedding otherwise than ours do */
export function assertSameEmbedding(generated: string): void {
  if (generated.includes(`[${embedding}] = $bindings`)) return;
  if (generated.includes(`[${embedding}, ${dataImport}] = $bindings`)) return;
  throw new Error("The bindings that componentize generates have another order than ours");
}
