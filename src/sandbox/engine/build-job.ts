/** The contract between the process that starts a build and the build process. */

/** The content of `job.json`. */
export interface BuildJob {
  readonly kind: "engine" | "portable";
  /** The module whose exports become the component's. */
  readonly source: string;
  /** The script that connects those exports with the WebAssembly module's. */
  readonly bindings: string;
  readonly wit: string;
  /** The guest's `Intl` data in base64; only for engines. */
  readonly data?: string;
}

/** Names in `output` after the build of an engine (`core`, `jco`) or a portable component. */
export const outputNames = { core: "engine.core.wasm", jco: "jco", component: "component.wasm" } as const;
