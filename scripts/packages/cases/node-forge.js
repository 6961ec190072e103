import forge from "node-forge";
export function run() {
  const digest = forge.md.sha256.create().update("text").digest().toHex();
  const cipher = forge.cipher.createCipher("AES-CBC", "0123456789abcdef");
  cipher.start({ iv: "0123456789abcdef" });
  cipher.update(forge.util.createBuffer("text"));
  cipher.finish();
  return [digest, cipher.output.toHex()];
}
