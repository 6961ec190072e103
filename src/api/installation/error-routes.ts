import { readFileSync } from "node:fs";
import { html } from "hono/html";
import { z } from "zod";
import { DuraniumError, errorCatalogue } from "../../domain/errors.ts";
import type { ErrorCode } from "../../domain/errors.ts";
import { defineRoute, type Route } from "../http/route.ts";

/** The pages that the `type` of a problem refers to, generated from `docs/reference/errors.md`. */
export function errorRoutes(): readonly Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/errors/:code",
      access: "public",
      operationId: "getErrorPage",
      tag: "About",
      summary: "Get the documentation of an error code",
      description: "The `type` of each problem document is the URL of such a page.",
      params: z.object({ code: z.string().meta({ description: "The `code` of a problem" }) }),
      otherAnswers: [{ status: 200, description: "An HTML page", mediaType: "text/html" }],
      errors: ["route-not-found"],
      handle: async ({ params: { code } }, context) => {
        if (!isErrorCode(code)) {
          throw new DuraniumError(
            "route-not-found",
            `Error code "${code.slice(0, 100)}" not found. docs/reference/errors.md lists all codes`,
          );
        }
        context.header("cache-control", "public, max-age=3600");
        return await context.html(pageOf(code));
      },
    }),
  ];
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalogue, code);
}

function pageOf(code: ErrorCode) {
  const { status, title, retryable } = errorCatalogue[code];
  const { meaning, remedy } = explanations()[code] ?? { meaning: title, remedy: "" };
  return html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <title>${code} · Duranium</title>
      <h1>${title}</h1>
      <p><code>${code}</code>, status ${status}, ${retryable ? "retryable" : "not retryable"}</p>
      <p>${withCode(meaning)}</p>
      <h2>What to do</h2>
      <p>${withCode(remedy)}</p>
    </html>`;
}

interface Explanation {
  readonly meaning: string;
  readonly remedy: string;
}

let read: Readonly<Record<string, Explanation>> | undefined;

/** The rows of the tables in the document, which is part of each release. */
function explanations(): Readonly<Record<string, Explanation>> {
  read ??= Object.fromEntries(
    readFileSync(new URL("../../../docs/reference/errors.md", import.meta.url), "utf8")
      .split("\n")
      .filter((line) => /^\|\s*`/.test(line))
      .map(withoutLinks)
      .map((line) => line.split("|").map((cell) => cell.trim()))
      .map(([, code = "", , , meaning = "", remedy = ""]) => [code.replaceAll("`", ""), { meaning, remedy }]),
  );
  return read;
}

/** Removes links to other documents, which are not served. */
function withoutLinks(markdown: string): string {
  return markdown.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1");
}

/** Renders Markdown's `code`. All text is escaped. */
function withCode(text: string) {
  return text.split("`").map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));
}
