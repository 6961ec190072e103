import { SendEmailCommand, SESClient } from "@aws-sdk/client-ses";
export async function run(_ctx, { origin }) {
  const client = new SESClient({
    region: "eu-central-1",
    endpoint: `${origin}/client-ses`,
    credentials: { accessKeyId: "a", secretAccessKey: "s" },
  });
  const { MessageId } = await client.send(
    new SendEmailCommand({
      Source: "a@b.test",
      Destination: { ToAddresses: ["c@d.test"] },
      Message: { Subject: { Data: "S" }, Body: { Text: { Data: "B" } } },
    }),
  );
  return MessageId;
}
