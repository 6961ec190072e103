import { Storage } from "@google-cloud/storage";
export async function run(_ctx, { origin }) {
  const storage = new Storage({
    apiEndpoint: `${origin}/google-cloud-storage`,
    projectId: "p",
    useAuthWithCustomEndpoint: false,
  });
  const [contents] = await storage.bucket("b").file("f.txt").download();
  return contents.toString();
}
