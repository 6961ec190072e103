import { expect, test } from "vitest";
import { parseDeclarations } from "./declarations.ts";
import { hostRatesSchema } from "./host-rates-schema.ts";

function parse(declarations: object): ReturnType<typeof parseDeclarations> {
  const json = new TextEncoder().encode(JSON.stringify(declarations));
  return parseDeclarations(json, { entry: "workflow.ts", files: { "workflow.ts": "" } });
}

function schedulesOf(count: number, each: number) {
  return Array.from({ length: count }, (_, index) => ({
    name: `schedule-${index}`,
    cron: Array.from({ length: each }, (__, minute) => `${minute} 0 29 2 +MON`),
  }));
}

test("a version declares a bounded number of cron patterns", () => {
  expect(parse({ schedules: schedulesOf(10, 20) }).schedules).toHaveLength(10);
  expect(() => parse({ schedules: schedulesOf(100, 20) })).toThrow("maxDeclaredPatterns");
  expect(() => parse({ schedules: [null] })).toThrow("schedules[0]");
});

test.each([
  ["[2001:db8:0:0:0:0:0:1]", "never the host of a URL"],
  ["2130706433", "never the host of a URL"],
  ["Api.example.com", "no host name"],
  ["api.example.com.", "no host name"],
  ["api.example.com:8080", "no host name"],
])("a rate for %s, which would limit nothing, is refused", (host, message) => {
  const { error } = hostRatesSchema.safeParse({ [host]: { concurrency: 1 } });
  expect(JSON.stringify(error?.issues)).toContain(message);
});

test.each(["[2001:db8::1]", "127.0.0.1", "xn--bcher-kva.example", "my_service.internal"])(
  "a rate for %s is accepted",
  (host) => {
    expect(hostRatesSchema.safeParse({ [host]: { concurrency: 1 } }).success).toBe(true);
  },
);
