import { expect, test } from "vitest";
import { errorCatalogue } from "../../domain/errors.ts";
import { readProblem, testApi } from "../testing/test-api.ts";

test("the type URL of a problem serves the documentation of its code", async () => {
  const { ask } = testApi();
  const { type } = await readProblem(await ask("GET", "/workflows/missing"));
  const page = await ask("GET", type);
  expect(page.status).toBe(200);
  expect(page.headers.get("content-type")).toContain("text/html");
  const text = await page.text();
  expect(text).toContain(errorCatalogue["workflow-not-found"].title);
  expect(text).toContain("<code>GET /workflows</code> lists all workflows.");
});

test("every error code of the catalogue has a page", async () => {
  const { app } = testApi();
  for (const code of Object.keys(errorCatalogue)) {
    const text = await (await app.request(`/errors/${code}`)).text();
    expect(text).toMatch(/<h2>What to do<\/h2>\s*<p>\s*\S/);
    expect(text).not.toContain("`");
    expect(text).not.toContain("](");
  }
});

test.each(["nothing", "__proto__", "constructor", "%3Cscript%3E"])("%s has no error page", async (code) => {
  const { app } = testApi();
  expect(await readProblem(await app.request(`/errors/${code}`))).toMatchObject({ code: "route-not-found" });
});
