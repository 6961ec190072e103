import { BedrockRuntimeClient, ConverseCommand } from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
export async function run(_ctx, { origin }) {
  const client = new BedrockRuntimeClient({
    endpoint: `${origin}/bedrock`,
    region: "eu-west-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    maxAttempts: 1,
    // Its own handler speaks HTTP/2.
    requestHandler: new NodeHttpHandler(),
  });
  const reply = await client.send(
    new ConverseCommand({ modelId: "m", messages: [{ role: "user", content: [{ text: "Hi" }] }] }),
  );
  return [reply.$metadata.httpStatusCode, reply.stopReason ?? null];
}
