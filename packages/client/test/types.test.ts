import { expect, test } from "vitest";
import { testApi } from "../../../src/api/testing/test-api.ts";
import { generateTypes } from "../generate-types.ts";

test("the client's types are those of the API: `npm run client:types` makes them anew", async () => {
  const { app } = testApi();
  const document: unknown = await (await app.request("/openapi.json")).json();
  const types = await generateTypes(document as Parameters<typeof generateTypes>[0]);
  await expect(types).toMatchFileSnapshot("../src/openapi.ts");
});
