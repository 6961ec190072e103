import { createTransport, parseSemver, dsnToString, makeDsn } from "@sentry/core";
export function run() {
  return [parseSemver("1.2.3").major, dsnToString(makeDsn("https://k@a.test/1")), typeof createTransport];
}
