import { put } from "@vercel/blob";
export async function run() {
  return await put("a.txt", "text", { access: "public" }).catch((error) => error.message);
}
