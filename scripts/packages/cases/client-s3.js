import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
export async function run(_ctx, { origin }) {
  const client = new S3Client({
    region: "eu-central-1",
    endpoint: `${origin}/client-s3`,
    forcePathStyle: true,
    credentials: { accessKeyId: "a", secretAccessKey: "s" },
  });
  await client.send(new PutObjectCommand({ Bucket: "b", Key: "k.txt", Body: "hello" }));
  const object = await client.send(new GetObjectCommand({ Bucket: "b", Key: "k.txt" }));
  const list = await client.send(new ListObjectsV2Command({ Bucket: "b" }));
  const failure = await client
    .send(new GetObjectCommand({ Bucket: "b", Key: "missing" }))
    .catch((error) => error.name);
  return [await object.Body.transformToString(), list.Contents.map(({ Key, Size }) => [Key, Size]), failure];
}
