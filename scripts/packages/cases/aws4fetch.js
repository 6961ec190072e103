import { AwsClient } from "aws4fetch";
export async function run() {
  const client = new AwsClient({
    accessKeyId: "a",
    secretAccessKey: "s",
    service: "s3",
    region: "eu-central-1",
  });
  const request = await client.sign("https://b.s3.amazonaws.com/k", {
    aws: { datetime: "20260101T000000Z" },
  });
  return request.headers.get("authorization");
}
