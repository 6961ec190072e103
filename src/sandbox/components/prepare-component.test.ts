import { expect, test } from "vitest";
import { engineCoreOf } from "./engine-core.ts";
import { maxModuleBytes } from "./limits.ts";
import { prepareComponent } from "./prepare-component.ts";
import { moduleOf } from "./testing/modules.ts";

const file = "flow.wasm";

test("the process that prepares a module gives the same core as this one", async () => {
  const bytes = await moduleOf();
  const core = await prepareComponent({ file, bytes });
  expect(Buffer.from(core).equals(engineCoreOf(bytes))).toBe(true);
});

test("a refusal names the file and what is wrong", async () => {
  const bytes = new TextEncoder().encode("(module)");
  await expect(prepareComponent({ file, bytes })).rejects.toMatchObject({
    code: "compile-failed",
    diagnostics: [{ file, message: expect.stringContaining("not WebAssembly") }],
  });
});

test("a module above the size limit is refused", async () => {
  const bytes = new Uint8Array(maxModuleBytes + 1);
  await expect(prepareComponent({ file, bytes })).rejects.toThrow(
    "The module has 8.0 MiB, and the limit is 8 MiB",
  );
});

test("a module that takes too long to prepare is refused", async () => {
  const body = "(block ".repeat(1_900) + "(local.set 0 (i32.const 1))".repeat(30_000) + ")".repeat(1_900);
  const functions = Array.from({ length: 10 }, () => `(func (param i32) ${body})`).join("");
  const bytes = await moduleOf({ fields: functions });
  await expect(prepareComponent({ file, bytes }, { cpuSeconds: 1 })).rejects.toMatchObject({
    code: "compile-failed",
    message: expect.stringContaining("exceeded its limits of 1 s of processor time"),
  });
});
