import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { bundleShims } from "../src/sandbox/compile/shims/bundle-shims.ts";

const name = "virtual:node-shims";

/** Node's modules for workflows, as a module of the web UI, whose previews bundle them like deploys. */
export function nodeShimsPlugin(): Plugin {
  return {
    name: "duranium:node-shims",
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    async load(id) {
      if (id !== `\0${name}`) return undefined;
      const shims = await bundleShims(fileURLToPath(new URL("../src/node-compat/", import.meta.url)));
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(shims))});`;
    },
  };
}
