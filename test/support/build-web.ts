import { buildWeb } from "../../scripts/build-web.ts";

/** Builds the page once, before any test file asks for it, unless it is built already. */
export async function setup(): Promise<void> {
  await buildWeb();
}
