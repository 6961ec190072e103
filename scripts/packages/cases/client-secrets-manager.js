import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
export async function run(_ctx, { origin }) {
  const client = new SecretsManagerClient({
    region: "eu-central-1",
    endpoint: `${origin}/client-secrets-manager`,
    credentials: { accessKeyId: "a", secretAccessKey: "s" },
  });
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: "id" }));
  return SecretString;
}
