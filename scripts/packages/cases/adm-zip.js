import AdmZip from "adm-zip";
export function run() {
  const zip = new AdmZip();
  zip.addFile("a.txt", Buffer.from("text".repeat(100)));
  return new AdmZip(zip.toBuffer()).readAsText("a.txt").length;
}
