import { Document, Packer, Paragraph, TextRun } from "docx";
export async function run() {
  const document = new Document({
    sections: [{ children: [new Paragraph({ children: [new TextRun({ text: "Hello", bold: true })] })] }],
  });
  const bytes = await Packer.toBuffer(document);
  return [bytes.length > 1000, bytes.subarray(0, 2).toString()];
}
