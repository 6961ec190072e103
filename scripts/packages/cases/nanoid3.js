import { customAlphabet, nanoid } from "nanoid3";
export function run() {
  return [nanoid().length, customAlphabet("ab", 5)().length];
}
