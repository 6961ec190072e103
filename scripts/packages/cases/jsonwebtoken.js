import jwt from "jsonwebtoken";
import { generateKeyPairSync } from "node:crypto";
export function run() {
  const token = jwt.sign({ sub: "1", iat: 1000 }, "secret", { algorithm: "HS256" });
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const signed = jwt.sign({ sub: "2", iat: 1000 }, privateKey, { algorithm: "RS256" });
  const failure = (() => {
    try {
      jwt.verify(token, "other");
    } catch (error) {
      return [error.name, error.message];
    }
  })();
  return [
    token,
    jwt.verify(token, "secret"),
    jwt.verify(signed, publicKey, { algorithms: ["RS256"] }),
    failure,
    jwt.decode(token, { complete: true }).header,
  ];
}
