import * as client from "openid-client";
export async function run() {
  const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  return [await client.calculatePKCECodeChallenge(verifier), client.randomState().length];
}
