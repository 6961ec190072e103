import JSZip from "jszip";
export async function run() {
  const zip = new JSZip();
  zip.file("a/b.txt", "hello ".repeat(100), { date: new Date(0) });
  const bytes = await zip.generateAsync({ type: "uint8array", compression: "DEFLATE" });
  const back = await JSZip.loadAsync(bytes);
  return [
    bytes.length < 600,
    await back
      .file("a/b.txt")
      .async("string")
      .then((text) => text.length),
    Object.keys(back.files),
  ];
}
