import type { ReplayedVersion } from "../replay/replayed-version.ts";
import { createNativeBundler } from "../sandbox/compile/bundler/native-bundler.ts";
import { createEngineStore } from "../sandbox/engine/engine-store.ts";
import type { PreviewSource } from "./contract/preview.ts";
import { createPythonBundler } from "./local-engine.ts";
import type { LocalEngine } from "./local-engine.ts";
import { openModule } from "./node-module.ts";
import { createLocalReplays } from "./create-replays.ts";

/** Replays in Node, used by the command line. */
export interface NodeReplays extends AsyncDisposable {
  /** @throws {DuraniumError} with diagnostics, as a deploy */
  version(source: PreviewSource): Promise<ReplayedVersion>;
}

/**
 * @param options.enginesDir the folder of engines
 * @param options.engine that of another language, in place of JavaScript's
 * @param options.isModule true for WebAssembly modules, which need no other engine
 * @throws {DuraniumError} `engine-unavailable`
 */
export async function createNodeReplays({
  enginesDir,
  engine,
  isModule = false,
  onProgress,
}: {
  readonly enginesDir: string;
  readonly engine?: LocalEngine;
  readonly isModule?: boolean;
  readonly onProgress: (message: string) => void;
}): Promise<NodeReplays> {
  if (isModule) return moduleReplays;
  const { core, digest, protocolVersion } =
    engine ?? (await createEngineStore({ directory: enginesDir, onProgress }).current());
  const module = await WebAssembly.compile(Uint8Array.from(core));
  const bundler = engine?.language === "python" ? createPythonBundler() : createNativeBundler();
  const replays = createLocalReplays({ module, digest, protocolVersion });
  return {
    version: async (source) => replays.version(await bundler.bundle(source), source),
    [Symbol.asyncDispose]: async () => await bundler[Symbol.asyncDispose](),
  };
}

const moduleReplays: NodeReplays = {
  async version(source) {
    const { engine, bundle } = await openModule(source);
    return createLocalReplays(engine).version(bundle, source);
  },
  async [Symbol.asyncDispose]() {},
};
