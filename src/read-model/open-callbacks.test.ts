import { expect, test } from "vitest";
import type { ExecutionId } from "../domain/ids.ts";
import { openCallbacks } from "./open-callbacks.ts";

test("open callbacks have the URLs that the execution returned, and completed callbacks are excluded", () => {
  const executionId = "inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz" as ExecutionId;
  const start = {
    version: 1,
    entryPoint: null,
    executionId,
    seed: "07".repeat(32),
    now: 0,
    callbackUrl: "https://duranium.example/callbacks/",
  };
  const operations = ["wait for callback 0", "wait for event callback", "wait for callback 1"].map(
    (name, index) => ({
      kind: "operation" as const,
      index,
      name,
      isCall: false,
      child: undefined,
      wakesAt: undefined,
      completionId: index,
      at: 7,
    }),
  );
  const asked = { operations, isOpen: ({ index }: { readonly index: number }) => index > 0 };
  const [open, ...others] = openCallbacks({ start, asked });
  expect(others).toEqual([]);
  expect(open).toMatchObject({ callback: 1, createdAt: 7 });
  expect(open?.url).toMatch(new RegExp(`^${start.callbackUrl}${executionId}\\.1\\.[0-9a-f]{64}$`));
});
