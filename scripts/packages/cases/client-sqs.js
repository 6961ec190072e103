import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
export async function run(_ctx, { origin }) {
  const client = new SQSClient({
    region: "eu-central-1",
    endpoint: `${origin}/client-sqs`,
    credentials: { accessKeyId: "a", secretAccessKey: "s" },
  });
  const { MessageId } = await client.send(
    new SendMessageCommand({ QueueUrl: `${origin}/client-sqs/1/q`, MessageBody: "hello" }),
  );
  return MessageId;
}
