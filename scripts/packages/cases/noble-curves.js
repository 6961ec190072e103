import { ed25519 } from "@noble/curves/ed25519.js";
export function run() {
  const secret = new Uint8Array(32).fill(7);
  const signature = ed25519.sign(new Uint8Array([1, 2]), secret);
  return [
    Buffer.from(signature).toString("hex"),
    ed25519.verify(signature, new Uint8Array([1, 2]), ed25519.getPublicKey(secret)),
  ];
}
