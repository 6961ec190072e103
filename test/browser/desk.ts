import type { OpenOptions, OpenPage } from "../support/browser.ts";
import type { Instance } from "../support/instance.ts";

/** What the suites of the page share: one server, and one browser. */
export interface Desk {
  readonly instance: Instance;
  open(options?: OpenOptions): Promise<OpenPage>;
}
