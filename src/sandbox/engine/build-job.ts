/** What the process that starts a build and the process that builds agree on. */

/** `job.json`: what to make of which source. */
export interface BuildJob {
  readonly kind: "engine" | "portable";
  /** The module whose exports are the component's. */
  readonly source: string;
  /** The script between those and the WebAssembly module's. */
  readonly bindings: string;
  readonly wit: string;
  /** The data of the guest's `Intl`, base64, for an engine. */
  readonly data?: string;
}

/** What is in `output` when an engine (`core`, `jco`) or a portable component was built. */
export const outputNames = { core: "engine.core.wasm", jco: "jco", component: "component.wasm" } as const;
