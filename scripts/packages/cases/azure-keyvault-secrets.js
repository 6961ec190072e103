import { SecretClient } from "@azure/keyvault-secrets";
export async function run(_ctx, { origin }) {
  const credential = { getToken: async () => ({ token: "t", expiresOnTimestamp: 9e15 }) };
  const client = new SecretClient(`${origin}/vault`, credential, {
    disableChallengeResourceVerification: true,
    retryOptions: { maxRetries: 0 },
  });
  return await client.getSecret("s").then(
    ({ name }) => name ?? null,
    (error) => [error.name, error.message],
  );
}
