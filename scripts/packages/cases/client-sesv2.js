import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
export async function run(_ctx, { origin }) {
  const client = new SESv2Client({
    endpoint: `${origin}/sesv2`,
    region: "eu-west-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    maxAttempts: 1,
  });
  const reply = await client.send(
    new SendEmailCommand({
      FromEmailAddress: "a@b.test",
      Destination: { ToAddresses: ["c@d.test"] },
      Content: { Simple: { Subject: { Data: "S" }, Body: { Text: { Data: "T" } } } },
    }),
  );
  return reply.$metadata.httpStatusCode;
}
