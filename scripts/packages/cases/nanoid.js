import { customAlphabet, nanoid } from "nanoid";
export function run() {
  return [nanoid().length, /^[ab]{5}$/.test(customAlphabet("ab", 5)())];
}
