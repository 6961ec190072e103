import { gcm } from "@noble/ciphers/aes.js";
export function run() {
  const sealed = gcm(new Uint8Array(32), new Uint8Array(12)).encrypt(new Uint8Array([1, 2, 3]));
  return Buffer.from(sealed).toString("hex");
}
