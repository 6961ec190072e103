/** Made by `scripts/node-shims.ts`. */
declare module "virtual:node-shims" {
  import type { BrowserBundlerOptions } from "#preview/browser-bundler.ts";
  const shims: Awaited<ReturnType<BrowserBundlerOptions["readShims"]>>;
  export default shims;
}
