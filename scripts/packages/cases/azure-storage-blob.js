import { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";
export async function run(_ctx, { origin }) {
  const client = new BlobServiceClient(
    `${origin}/azure-storage-blob`,
    new StorageSharedKeyCredential("acc", "a2V5"),
    { retryOptions: { maxTries: 1 } },
  );
  const blob = client.getContainerClient("c").getBlockBlobClient("b.txt");
  await blob.upload("hello", 5);
  return (await blob.downloadToBuffer()).toString();
}
