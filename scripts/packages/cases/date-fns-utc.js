import { UTCDate } from "@date-fns/utc";
export function run() {
  return new UTCDate(2026, 0, 1).toISOString();
}
