import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import apiReference from "@scalar/fastify-api-reference";

/**
 * Adds the API reference to a built web UI: `docs.html`, and Scalar's script as a local file, so that the page
 * loads nothing from other servers.
 */
export async function addApiReference(output: string): Promise<void> {
  const script = await scriptOfScalar();
  const digest = createHash("sha256").update(script).digest("hex").slice(0, 8);
  const name = `assets/api-reference-${digest}.js`;
  await mkdir(join(output, "assets"), { recursive: true });
  await writeFile(join(output, name), script);
  await writeFile(join(output, "docs.html"), documentWith(`/${name}`));
}

/** The part of Fastify's interface that the plugin uses. */
interface Routes {
  route(route: { readonly url: string; readonly handler: (request: unknown, reply: Reply) => unknown }): void;
}

interface Reply {
  header(name: string, value: string): Reply;
  send(body: string): void;
}

/** The plugin contains the script as text and serves it by a route, so the route is called here to obtain it. */
async function scriptOfScalar(): Promise<string> {
  const scripts: string[] = [];
  const reply: Reply = { header: () => reply, send: (body) => void scripts.push(body) };
  const routes: Routes = {
    route({ url, handler }) {
      if (url.endsWith(".js")) handler(undefined, reply);
    },
  };
  const { promise, resolve } = Promise.withResolvers<void>();
  const plugin = apiReference as unknown as (routes: object, options: object, done: () => void) => void;
  plugin({ ...routes, initialConfig: {} }, { configuration: { url: "/openapi.json" } }, resolve);
  await promise;
  const [script] = scripts;
  if (script === undefined)
    throw new Error("@scalar/fastify-api-reference has no script at the expected place");
  return script;
}

/** Disables Scalar's fonts, proxy and telemetry, and keeps no API key in the browser. */
const configuration = {
  telemetry: false,
  withDefaultFonts: false,
  hideClientButton: true,
  showDeveloperTools: "never",
  agent: { disabled: true },
  mcp: { disabled: true },
  persistAuth: false,
  theme: "default",
  authentication: { preferredSecurityScheme: "apiKey" },
};

function documentWith(script: string): string {
  const attribute = JSON.stringify(configuration).replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Duranium API</title>
  </head>
  <body>
    <script id="api-reference" data-url="/openapi.json" data-configuration="${attribute}"></script>
    <script src="${script}"></script>
  </body>
</html>
`;
}
