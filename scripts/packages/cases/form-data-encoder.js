import { FormDataEncoder } from "form-data-encoder";
export async function run() {
  const form = new FormData();
  form.set("a", "b");
  const encoder = new FormDataEncoder(form, "boundary");
  const chunks = [];
  for await (const chunk of encoder) chunks.push(new TextDecoder().decode(chunk));
  return [encoder.contentType, chunks.join("")];
}
