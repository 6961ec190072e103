import { parseEgressAllow } from "../host/network/egress.ts";
import { createHttpClient } from "../host/network/undici-client.ts";
import { createNativeBundler } from "../sandbox/compile/bundler/native-bundler.ts";
import { createEngineStore } from "../sandbox/engine/engine-store.ts";
import { createPythonBundler } from "./local-engine.ts";
import type { LocalEngine, PreviewBundler } from "./local-engine.ts";
import type {
  PreviewedWorkflow,
  PreviewRequest,
  PreviewRun,
  PreviewSource,
  PreviewStates,
} from "./contract/preview.ts";
import { createPreview } from "./create-preview.ts";
import { openModule } from "./node-module.ts";
import { createLocalState } from "./run/local-state.ts";

export interface NodePreviewOptions {
  /** The folder of engines. A missing engine is built there if the toolchain is installed. */
  readonly enginesDir: string;
  /** The engine of another language, in place of JavaScript's. */
  readonly engine?: LocalEngine;
  /** True for WebAssembly modules, which need no other engine. */
  readonly isModule?: boolean;
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
  run(source: NodePreviewSource, request: PreviewRequest): Promise<PreviewRun>;
  /**
   * Evaluates a source once for several runs in sequence.
   *
   * @throws {DuraniumError} with diagnostics, as a deploy
   */
  open(source: NodePreviewSource): Promise<PreviewedWorkflow>;
}

export interface NodePreviewSource extends PreviewSource {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** @throws {DuraniumError} `engine-unavailable` */
export async function createNodePreview(options: NodePreviewOptions): Promise<NodePreview> {
  if (options.isModule === true) return createModulePreview(options);
  const { egressAllow = "" } = options;
  const { core, digest, protocolVersion } = options.engine ?? (await currentEngine(options));
  const module = await WebAssembly.compile(Uint8Array.from(core));
  const http = createHttpClient({ policy: parseEgressAllow(egressAllow) });
  const bundler = bundlerFor(options);
  const preview = createPreview({ engine: { module, digest, protocolVersion }, http });
  return {
    states: preview.states,
    async run(source, request) {
      return await preview.run(await bundler.bundle(source), source, request);
    },
    open: async (source) => preview.open(await bundler.bundle(source), source),
    async [Symbol.asyncDispose]() {
      await Promise.all([bundler[Symbol.asyncDispose](), http[Symbol.asyncDispose]()]);
    },
  };
}

/** Each source runs on an engine of its own, and all of them share their state. */
function createModulePreview({ egressAllow = "" }: NodePreviewOptions): NodePreview {
  const http = createHttpClient({ policy: parseEgressAllow(egressAllow) });
  const states = createLocalState();
  const open = async (source: NodePreviewSource): Promise<PreviewedWorkflow> => {
    const { engine, bundle } = await openModule(source);
    return createPreview({ engine, http, states }).open(bundle, source);
  };
  return {
    states,
    open,
    run: async (source, request) => await (await open(source)).run(request),
    [Symbol.asyncDispose]: async () => await http[Symbol.asyncDispose](),
  };
}

/** JavaScript's, which is built if it is missing. */
async function currentEngine({
  enginesDir,
  onProgress,
}: NodePreviewOptions): Promise<Omit<LocalEngine, "language">> {
  const progress = onProgress === undefined ? {} : { onProgress };
  return await createEngineStore({ directory: enginesDir, ...progress }).current();
}

function bundlerFor({ engine, packagesDir }: NodePreviewOptions): PreviewBundler {
  if (engine?.language === "python") return createPythonBundler();
  return createNativeBundler(packagesDir === undefined ? {} : { packagesDir });
}
