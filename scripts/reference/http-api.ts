/** Renders `docs/reference/http-api.md` from the OpenAPI document of the API. */
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, PathItem>>;
}

type PathItem = Readonly<Record<string, Operation>>;

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
}

export function renderHttpApi(document: OpenApiDocument): string {
  const rows = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  const groups = Object.groupBy(rows, ({ operation }) => operation.tags?.[0] ?? "other");
  const sections = Object.entries(groups).map(
    ([tag, routes = []]) => `## ${heading(tag)}\n\n${table(routes)}`,
  );
  return `${introduction}\n${sections.join("\n\n")}\n`;
}

interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

function table(routes: readonly Route[]): string {
  const rows = routes.map(
    ({ method, path, operation }) => `| \`${method} ${path}\` | ${summaryOf(operation)} |`,
  );
  return ["| request | what it does |", "| --- | --- |", ...rows].join("\n");
}

function summaryOf({ summary = "" }: Operation): string {
  return summary.replaceAll("|", "\\|");
}

function heading(tag: string): string {
  return `${tag.charAt(0).toUpperCase()}${tag.slice(1)}`;
}

const introduction = `<!-- Generated from the OpenAPI document by \`npm run docs:reference\`. -->

# HTTP API

For callers of an installation. The installation serves the full description, with every parameter, body and status:
\`GET /openapi.json\` is the OpenAPI document, and \`GET /docs\` is a page on which requests can be tried.

- **Authentication**: \`Authorization: Bearer <key>\`. Health checks, callbacks, webhooks, error pages and the OpenAPI
  document need no key.
- **Errors** are problem documents ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)). [Errors](errors.md) explains each
  code; the URL in \`type\` leads to the same text.
- **Lists** take \`limit\` and \`cursor\`. The next page is in \`Link\`, and its cursor is in the body.
- **Starting an execution** answers with 202 and \`Location\`. With \`Prefer: wait=N\` the response waits up to N seconds
  for the result. An \`Idempotency-Key\` that was used before starts nothing and answers with the first execution.
`;
