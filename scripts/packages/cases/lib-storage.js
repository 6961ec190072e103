import { S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
export async function run(_ctx, { origin }) {
  const client = new S3Client({
    endpoint: `${origin}/client-s3`,
    region: "eu-west-1",
    forcePathStyle: true,
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    maxAttempts: 1,
  });
  const reply = await new Upload({ client, params: { Bucket: "b", Key: "k", Body: "text" } }).done();
  return reply.$metadata.httpStatusCode;
}
