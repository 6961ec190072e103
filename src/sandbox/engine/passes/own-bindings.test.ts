import { expect, test } from "vitest";
import { assertSameEmbedding } from "./own-bindings.ts";

const host = "$import_duranium_runtime_host_0_1_0";

test("Duranium's bindings are used only for the embedding that they expect", () => {
  const known = `let [$memory, $realloc, $dealloc, ${host}$call, ${host}$abandon, ${host}$complete, ${host}$fail, ${host}$log, ${host}$compute] = $bindings;`;
  expect(() => assertSameEmbedding(known)).not.toThrow();
  for (const other of [known.replace("$call", "$log"), known.replace("$dealloc, ", ""), ""])
    expect(() => assertSameEmbedding(other)).toThrow("an unexpected order of imports");
});
