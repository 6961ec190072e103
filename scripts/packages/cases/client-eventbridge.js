import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
export async function run(_ctx, { origin }) {
  const client = new EventBridgeClient({
    endpoint: `${origin}/eventbridge`,
    region: "eu-west-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    maxAttempts: 1,
  });
  const reply = await client.send(
    new PutEventsCommand({ Entries: [{ Source: "s", DetailType: "t", Detail: "{}", Time: new Date(0) }] }),
  );
  return reply.$metadata.httpStatusCode;
}
