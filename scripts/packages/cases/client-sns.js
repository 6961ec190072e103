import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
export async function run(_ctx, { origin }) {
  const client = new SNSClient({
    region: "eu-central-1",
    endpoint: `${origin}/client-sns`,
    credentials: { accessKeyId: "a", secretAccessKey: "s" },
  });
  const { MessageId } = await client.send(new PublishCommand({ TopicArn: "arn:x", Message: "hello" }));
  return MessageId;
}
