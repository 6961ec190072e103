import * as ld from "@launchdarkly/node-server-sdk";
export function run() {
  return typeof ld.init;
}
