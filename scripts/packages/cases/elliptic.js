import elliptic from "elliptic";
export function run() {
  const key = new elliptic.ec("secp256k1").keyFromPrivate("01".repeat(32), "hex");
  return [key.getPublic("hex"), key.verify("0a".repeat(32), key.sign("0a".repeat(32)))];
}
