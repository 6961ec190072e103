import { BedrockRuntimeClient, ConverseCommand } from "@aws-sdk/client-bedrock-runtime";
export async function run(_ctx, { origin }) {
  const client = new BedrockRuntimeClient({
    endpoint: `${origin}/bedrock`,
    region: "eu-west-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    maxAttempts: 1,
  });
  const reply = await client.send(
    new ConverseCommand({ modelId: "m", messages: [{ role: "user", content: [{ text: "Hi" }] }] }),
  );
  return [reply.$metadata.httpStatusCode, reply.stopReason ?? null];
}
