import nacl from "tweetnacl";
export function run() {
  const pair = nacl.sign.keyPair.fromSeed(new Uint8Array(32));
  return [
    Buffer.from(nacl.sign.detached(new Uint8Array([1]), pair.secretKey)).toString("hex"),
    nacl.randomBytes(4).length,
  ];
}
