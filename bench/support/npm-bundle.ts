import { build } from "esbuild";

/** A workflow with more than 800 KB of packages, in one file. */
export async function npmBundle(): Promise<string> {
  const contents = `
    import * as dates from "date-fns";
    import * as lodash from "lodash-es";
    import * as zod from "zod";
    const packages = { dates, lodash, zod };
    export async function run(ctx, payload) {
      const order = packages.zod.object({ sku: packages.zod.string() }).parse(payload);
      return { sku: packages.lodash.upperFirst(order.sku), year: packages.dates.getYear(new Date()) };
    }`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: "js" },
    bundle: true,
    format: "esm",
    target: "es2024",
    minifyIdentifiers: true,
    minifySyntax: true,
    legalComments: "none",
    logLevel: "silent",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}
