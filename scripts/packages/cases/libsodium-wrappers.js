import sodium from "libsodium-wrappers";
export async function run() {
  await sodium.ready;
  return sodium.to_hex(sodium.crypto_generichash(16, "text"));
}
