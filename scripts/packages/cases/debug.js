import debug from "debug";
export function run() {
  const log = debug("app");
  log("not shown %d", 1);
  return [log.enabled, debug.enabled("app")];
}
