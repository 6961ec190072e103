import { KMSClient, EncryptCommand } from "@aws-sdk/client-kms";
export async function run(_ctx, { origin }) {
  const client = new KMSClient({
    endpoint: `${origin}/kms`,
    region: "eu-west-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    maxAttempts: 1,
  });
  const reply = await client.send(
    new EncryptCommand({ KeyId: "k", Plaintext: new TextEncoder().encode("text") }),
  );
  return reply.$metadata.httpStatusCode;
}
