import { buildWeb } from "../../scripts/build-web.ts";

/** Builds the web UI before the first test file needs it, unless a current build exists. */
export async function setup(): Promise<void> {
  await buildWeb();
}
