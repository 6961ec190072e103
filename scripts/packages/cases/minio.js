import { Client } from "minio";
export async function run() {
  const client = new Client({ endPoint: "s3.test", accessKey: "a", secretKey: "b", region: "eu-west-1" });
  const url = new URL(await client.presignedGetObject("bucket", "k", 60, {}, new Date(0)));
  return [url.host, url.pathname, url.searchParams.get("X-Amz-Signature")];
}
