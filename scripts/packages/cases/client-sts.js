import { STSClient, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
export async function run(_ctx, { origin }) {
  const client = new STSClient({
    endpoint: `${origin}/status/403`,
    region: "eu-west-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    maxAttempts: 1,
  });
  return await client
    .send(new GetCallerIdentityCommand({}))
    .catch((error) => [error.$metadata?.httpStatusCode, error.constructor.name]);
}
