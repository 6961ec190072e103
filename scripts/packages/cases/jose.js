import {
  SignJWT,
  createRemoteJWKSet,
  exportJWK,
  generateKeyPair,
  jwtVerify,
  EncryptJWT,
  jwtDecrypt,
} from "jose";
export async function run() {
  const secret = new TextEncoder().encode("0123456789abcdef0123456789abcdef");
  const token = await new SignJWT({ a: 1 })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuedAt(1000)
    .sign(secret);
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const signed = await new SignJWT({ b: 2 }).setProtectedHeader({ alg: "ES256" }).sign(privateKey);
  const encrypted = await new EncryptJWT({ c: 3 })
    .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
    .encrypt(secret);
  return [
    token,
    (await jwtVerify(signed, publicKey)).payload,
    (await jwtDecrypt(encrypted, secret)).payload,
    (await exportJWK(publicKey)).kty,
    typeof createRemoteJWKSet,
  ];
}
