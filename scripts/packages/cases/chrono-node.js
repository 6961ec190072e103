import * as chrono from "chrono-node";
export function run() {
  return chrono.parseDate("tomorrow at 5pm", new Date("2026-01-01T10:00:00Z")).toISOString();
}
