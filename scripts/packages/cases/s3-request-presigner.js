import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
export async function run() {
  const client = new S3Client({
    region: "eu-central-1",
    credentials: { accessKeyId: "a", secretAccessKey: "s" },
  });
  const url = await getSignedUrl(client, new GetObjectCommand({ Bucket: "b", Key: "k" }), {
    expiresIn: 60,
    signingDate: new Date(0),
  });
  return url;
}
