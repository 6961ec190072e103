import { createId, isCuid } from "@paralleldrive/cuid2";
export function run() {
  return isCuid(createId());
}
