import { expect, test } from "vitest";
import { testApi } from "../../../src/api/testing/test-api.ts";
import { generateTypes } from "../generate-types.ts";

test("the client's types match the OpenAPI document (npm run client:types)", async () => {
  const { app } = testApi();
  const document: unknown = await (await app.request("/openapi.json")).json();
  const types = await generateTypes(document as Parameters<typeof generateTypes>[0]);
  await expect(types).toMatchFileSnapshot("../src/openapi.ts");
});
