import { FormData, File } from "formdata-node";
export async function run() {
  const form = new FormData();
  form.set("a", new File(["text"], "a.txt", { type: "text/plain", lastModified: 0 }));
  return [form.get("a").name, await form.get("a").text()];
}
