import pino from "pino";
export function run() {
  const lines = [];
  const log = pino({ timestamp: false, base: null }, { write: (line) => lines.push(line) });
  log.info({ a: 1 }, "hello");
  return lines;
}
