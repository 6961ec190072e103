import { extractText, getDocumentProxy } from "unpdf";
import { PDFDocument } from "pdf-lib";
export async function run() {
  const document = await PDFDocument.create();
  document.addPage([200, 100]).drawText("Invoice 1", { x: 10, y: 50 });
  const { text, totalPages } = await extractText(await getDocumentProxy(await document.save()), {
    mergePages: true,
  });
  return [text, totalPages];
}
