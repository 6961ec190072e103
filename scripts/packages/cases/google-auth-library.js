import { JWT } from "google-auth-library";
import { createVerify, generateKeyPairSync } from "node:crypto";
export async function run() {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const client = new JWT({
    email: "a@b.test",
    key: privateKey.export({ type: "pkcs8", format: "pem" }),
    keyId: "1",
  });
  client.useJWTAccessWithScope = true;
  const headers = await client.getRequestHeaders("https://pubsub.googleapis.com/");
  const [head, body, signature] = headers.get("authorization").replace("Bearer ", "").split(".");
  return [
    JSON.parse(Buffer.from(body, "base64url")).iss,
    createVerify("RSA-SHA256").update(`${head}.${body}`).verify(publicKey, signature, "base64url"),
  ];
}
