import log from "loglevel";
export function run() {
  log.setLevel("warn");
  return log.getLevel();
}
