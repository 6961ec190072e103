import { defineConfig } from "vite";
import { nodeShimsPlugin } from "../scripts/node-shims.ts";

/** URL of the API during development. */
const api = process.env["DURANIUM_URL"] ?? "http://127.0.0.1:3000";

/** The first segments of the API's paths. Those of the web UI are `/app` and `/assets`. */
const apiPaths =
  "^/(session|workflows|drafts|executions|api-keys|audit-log|engine|errors|docs|openapi.json|healthz|readyz)($|[/?.])";

/** Used by `scripts/build-web.ts`, which sets the output folder. */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  build: {
    target: "es2024",
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // URLs of assets contain digests, so separate files are cached better than inlined ones.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 5_000,
    rolldownOptions: {
      onLog(level, log, handle) {
        // "use client" only concerns frameworks with server rendering.
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") handle(level, log);
      },
    },
  },
  worker: { format: "es", plugins: () => [nodeShimsPlugin()] },
  server: {
    proxy: {
      [apiPaths]: { target: api },
      // Browsers get the web UI at this path, other clients the API's description.
      "^/$": {
        target: api,
        bypass: ({ headers, url }) => (headers.accept?.includes("html") ? url : undefined),
      },
    },
  },
});
