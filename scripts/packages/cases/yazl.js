import yazl from "yazl";
export async function run() {
  const zip = new yazl.ZipFile();
  zip.addBuffer(Buffer.from("text"), "a.txt", { mtime: new Date(0) });
  zip.end();
  const chunks = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk);
  return Buffer.concat(chunks).subarray(0, 4).toString("hex");
}
