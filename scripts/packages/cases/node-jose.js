import jose from "node-jose";
export async function run() {
  const key = await jose.JWK.asKey({
    kty: "oct",
    k: "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
    alg: "HS256",
  });
  return await jose.JWS.createSign({ format: "compact" }, key).update("text").final();
}
