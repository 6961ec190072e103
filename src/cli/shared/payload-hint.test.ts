import { expect, test } from "vitest";
import { payloadHint } from "./payload-hint.ts";

test.each([
  ["export async function run(ctx, { api, amount }: Order) {}", '{ "api": …, "amount": … }'],
  ["export function run(_: Ctx, { a = [1, 2], b: { c }, ...rest }: { a: string }) {}", '{ "a": …, "b": … }'],
  ["export async function run(\n  ctx: WorkflowContext,\n  name: string,\n) {}", '"…"'],
  ["export const run = async (ctx: Context, order: Order) => order;", "…"],
  ["export const run: Run<[a: 1]> = (ctx, { id }) => id;", '{ "id": … }'],
  ["export async function run(ctx: WorkflowContext) {}", undefined],
  ["export const run = () => 1;", undefined],
  ["export function run(ctx: WorkflowContext, {}: Empty) {}", "{ … }"],
  ['export { run } from "./order.ts";', "…"],
])("the payload of %j is hinted at as %s", (source, hint) => {
  expect(payloadHint(source)).toBe(hint);
});
