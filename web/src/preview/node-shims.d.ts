/** Made by `scripts/node-shims.ts`. */
declare module "virtual:node-shims" {
  import type { ShimFiles } from "../../../src/sandbox/compile/shims/shim-files.ts";
  const shims: ShimFiles;
  export default shims;
}
