import { expect, test } from "vitest";
import { testKey } from "./testing/in-memory-services.ts";
import { testApi } from "./testing/test-api.ts";

type Answered = Parameters<
  NonNullable<NonNullable<Parameters<typeof testApi>[0]>["observer"]>["answered"]
>[0];

const token = "cb_0123456789abcdefghijklmnopqrstuvwxyz";

test.each([
  [["GET", "/workflows/missing?cursor=secret"], { path: "/workflows/missing", status: 400, key: "root" }],
  [["POST", `/webhooks/${token}`], { path: "/webhooks/:token", method: "POST" }],
  [["POST", `/callbacks/${token}`], { path: "/callbacks/:token" }],
])("a request %j is observed without its secrets", async ([method, path], expected) => {
  const seen: Answered[] = [];
  const { app } = testApi({ observer: { answered: (request) => void seen.push(request) } });
  const headers = { authorization: `Bearer ${testKey}` };
  await app.request(path ?? "", { method: method ?? "", headers });
  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatchObject(expected);
  expect(JSON.stringify(seen)).not.toMatch(new RegExp(`${token}|secret`));
});

test.each([`/webhooks/${token}/more`, `/${token}`, `/%77ebhooks/${token}`, `/callback/${token}`])(
  "an observed request to an unknown path contains no token: %s",
  async (path) => {
    const seen: Answered[] = [];
    const { app } = testApi({ observer: { answered: (request) => void seen.push(request) } });
    await app.request(path, { method: "POST" });
    expect(seen).toHaveLength(1);
    expect(JSON.stringify(seen)).not.toContain(token);
  },
);
