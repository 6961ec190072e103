import { parseEgressAllow } from "../host/network/egress.ts";
import { createHttpClient } from "../host/network/undici-client.ts";
import { createNativeBundler } from "../sandbox/compile/bundler/native-bundler.ts";
import { createEngineStore } from "../sandbox/engine/engine-store.ts";
import type { PreviewRequest, PreviewRun, PreviewSource, PreviewStates } from "./contract/preview.ts";
import { createPreview } from "./create-preview.ts";

export interface NodePreviewOptions {
  /** The folder of engines. A missing engine is built there if the toolchain is installed. */
  readonly enginesDir: string;
  /** The `node_modules` folder of dependencies. */
  readonly packagesDir?: string;
  /** Destinations allowed in addition to public addresses, in the form of `DURANIUM_EGRESS_ALLOW`. Defaults to none. */
  readonly egressAllow?: string;
  /** Called with a sentence before anything slow. */
  readonly onProgress?: (message: string) => void;
}

/** Previews in Node, used by the command line. */
export interface NodePreview extends AsyncDisposable {
  readonly states: PreviewStates;
  /** @throws {DuraniumError} with diagnostics, as a deploy */
  run(
    source: PreviewSource & { readonly dependencies?: Readonly<Record<string, string>> },
    request: PreviewRequest,
  ): Promise<PreviewRun>;
}

/** @throws {DuraniumError} `engine-unavailable` */
export async function createNodePreview(options: NodePreviewOptions): Promise<NodePreview> {
  const { enginesDir, packagesDir, egressAllow = "", onProgress } = options;
  const store = createEngineStore({
    directory: enginesDir,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  const { core, digest, protocolVersion } = await store.current();
  const module = await WebAssembly.compile(core);
  const http = createHttpClient({ policy: parseEgressAllow(egressAllow) });
  const bundler = createNativeBundler(packagesDir === undefined ? {} : { packagesDir });
  const preview = createPreview({ engine: { module, digest, protocolVersion }, http });
  return {
    states: preview.states,
    async run(source, request) {
      return await preview.run(await bundler.bundle(source), source, request);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([bundler[Symbol.asyncDispose](), http[Symbol.asyncDispose]()]);
    },
  };
}
