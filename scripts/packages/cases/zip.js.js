import { BlobReader, BlobWriter, TextReader, TextWriter, ZipReader, ZipWriter } from "@zip.js/zip.js";
export async function run() {
  const writer = new ZipWriter(new BlobWriter());
  await writer.add("a.txt", new TextReader("text".repeat(100)));
  const reader = new ZipReader(new BlobReader(await writer.close()));
  const [entry] = await reader.getEntries();
  return [entry.filename, (await entry.getData(new TextWriter())).length];
}
