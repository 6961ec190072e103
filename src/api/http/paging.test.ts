import { expect, test } from "vitest";
import { testApi } from "../testing/test-api.ts";

test("every page except the last links to the next one with the same filters", async () => {
  const { ask } = testApi();
  for (const name of ["a", "b", "c"]) {
    const json = { source: "export async function run() {}" };
    expect((await ask("POST", `/workflows/${name}/deploy`, { json })).status).toBe(201);
  }
  const first = await ask("GET", "/workflows?limit=2");
  const { cursor } = (await first.json()) as { cursor: string };
  const [, next = ""] = /^<(.*)>; rel="next"$/.exec(first.headers.get("link") ?? "") ?? [];
  expect(new URL(next, "http://x").searchParams.get("cursor")).toBe(cursor);
  expect(new URL(next, "http://x").searchParams.get("limit")).toBe("2");
  const last = await ask("GET", next);
  expect(await last.json()).toMatchObject({ items: [{ workflowId: "c" }] });
  expect(last.headers.get("link")).toBeNull();
});

test("every route with a cursor documents Link", () => {
  const lists = testApi().routes.filter(({ query }) => "cursor" in query.shape);
  expect(lists.length).toBeGreaterThan(5);
  for (const { answers, operationId } of lists) {
    expect(answers[0]?.headers, operationId).toHaveProperty("link");
  }
});
