import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { renderCommandLine } from "../scripts/reference/command-line.ts";
import { renderConfiguration } from "../scripts/reference/configuration.ts";
import { renderGuestApi } from "../scripts/reference/guest-api.ts";
import { renderHttpApi } from "../scripts/reference/http-api.ts";
import type { OpenApiDocument } from "../scripts/reference/http-api.ts";
import { testApi } from "../src/api/testing/test-api.ts";
import { renderLanguages } from "../scripts/reference/languages.ts";
import { createProgram } from "../src/cli/program.ts";
import type { Cli } from "../src/cli/shared/cli.ts";
import { behaviours } from "./languages/behaviours.ts";

/** `npm run docs:reference` writes these files anew. */

test("docs/reference/guest-api.md is generated from the current types", async () => {
  const source = await readFile(new URL("../packages/workflow/src/workflow.d.ts", import.meta.url), "utf8");
  await expect(renderGuestApi(source)).toMatchFileSnapshot("../docs/reference/guest-api.md");
});

test("docs/reference/command-line.md is generated from the current program", async () => {
  // Nothing is run, so nothing is needed of what surrounds the commands.
  await expect(renderCommandLine(createProgram({} as Cli))).toMatchFileSnapshot(
    "../docs/reference/command-line.md",
  );
});

test("docs/reference/http-api.md lists the routes of the OpenAPI document", async () => {
  const document = await (await testApi().app.request("/openapi.json")).json();
  await expect(renderHttpApi(document as OpenApiDocument)).toMatchFileSnapshot(
    "../docs/reference/http-api.md",
  );
});

test("docs/reference/languages.md is generated from the behaviours that are tested in every language", async () => {
  await expect(renderLanguages(behaviours)).toMatchFileSnapshot("../docs/reference/languages.md");
});

test("docs/reference/configuration.md is generated from the table of variables", async () => {
  await expect(renderConfiguration()).toMatchFileSnapshot("../docs/reference/configuration.md");
});
