import { defineConfig } from "vite";

/** `scripts/build-web.ts` runs it, and says where the files go. */
export default defineConfig({
  root: import.meta.dirname,
  base: "/",
  build: {
    target: "es2024",
    assetsDir: "assets",
    // Their addresses hold a digest, so a file that is inlined is one that is loaded again with each page.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
  },
});
