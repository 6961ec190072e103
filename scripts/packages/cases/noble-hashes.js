import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
export function run() {
  return [bytesToHex(sha256(utf8ToBytes("a"))), bytesToHex(hmac(sha256, utf8ToBytes("k"), utf8ToBytes("m")))];
}
