import { decodeTime, ulid } from "ulid";
export function run() {
  return [ulid().length, decodeTime(ulid(1469918176385))];
}
