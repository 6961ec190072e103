import { parseEgressAllow } from "../host/network/egress.ts";
import { createHttpClient } from "../host/network/undici-client.ts";
import { createNativeBundler } from "../sandbox/compile/bundler/native-bundler.ts";
import { createEngineStore } from "../sandbox/engine/engine-store.ts";
import type { PreviewRequest, PreviewRun, PreviewSource, PreviewStates } from "./contract/preview.ts";
import { createPreview } from "./create-preview.ts";

export interface NodePreviewOptions {
  /** Where engines are kept; one that is missing is built there, where the toolchain is installed. */
  readonly enginesDir: string;
  /** The `node_modules` folder that dependencies are taken from. */
  readonly packagesDir?: string;
  /** Where fetches may go, as `DURANIUM_EGRESS_ALLOW` says it: beyond public addresses, none where nothing is said. */
  readonly egressAllow?: string;
  /** Is told, in a sentence, what takes long. */
  readonly onProgress?: (message: string) => void;
}

/** Previews on this machine: the command line's. */
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
