import { PDFDocument, StandardFonts } from "pdf-lib";
export async function run() {
  const document = await PDFDocument.create({ updateMetadata: false });
  const page = document.addPage([200, 100]);
  page.drawText("Invoice 1", {
    x: 10,
    y: 50,
    size: 12,
    font: await document.embedFont(StandardFonts.Helvetica),
  });
  const bytes = await document.save();
  return [bytes.length > 500, (await PDFDocument.load(bytes)).getPageCount()];
}
