import type { OpenOptions, OpenPage } from "../support/browser.ts";
import type { Instance } from "../support/instance.ts";

/** Shared by the suites of the web UI: one server and one browser. */
export interface Desk {
  readonly instance: Instance;
  open(options?: OpenOptions): Promise<OpenPage>;
}
