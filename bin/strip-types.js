// Node runs TypeScript, but not below `node_modules`, where Duranium is when it is installed as a package. This has the types
// of Duranium's own files stripped there as well. It is loaded with `--import`, which threads inherit.
import { readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";

const own = new URL("..", import.meta.url).href;

/** Packages that Duranium's package brings along are not its own files. */
function isOwn(url) {
  return url.startsWith(own) && !url.slice(own.length).includes("node_modules/");
}

registerHooks({
  load(url, context, nextLoad) {
    if (!url.endsWith(".ts") || !isOwn(url)) return nextLoad(url, context);
    const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), "utf8"));
    return { format: "module", source, shortCircuit: true };
  },
});
