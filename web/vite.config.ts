import { defineConfig } from "vite";
import { nodeShimsPlugin } from "../scripts/node-shims.ts";

/** Where the API answers that the page talks to while it is developed. */
const api = process.env["DURANIUM_URL"] ?? "http://127.0.0.1:3000";

/** The first segments of the API's paths. The page's own are `/app` and `/assets`. */
const apiPaths =
  "^/(session|workflows|drafts|executions|api-keys|audit-log|engine|errors|docs|openapi.json|healthz|readyz)($|[/?.])";

/** `scripts/build-web.ts` runs it, and says where the files go. */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  build: {
    target: "es2024",
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Their addresses hold a digest, so a file that is inlined is one that is loaded again with each page.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 5_000,
    rolldownOptions: {
      onLog(level, log, handle) {
        // "use client" is for frameworks that render on servers.
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") handle(level, log);
      },
    },
  },
  worker: { format: "es", plugins: () => [nodeShimsPlugin()] },
  server: {
    proxy: {
      [apiPaths]: { target: api },
      // Browsers get the page there, and all others what the API says about itself.
      "^/$": {
        target: api,
        bypass: ({ headers, url }) => (headers.accept?.includes("html") ? url : undefined),
      },
    },
  },
});
