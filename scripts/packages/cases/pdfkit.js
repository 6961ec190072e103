import PDFDocument from "pdfkit";
export async function run() {
  const document = new PDFDocument({ info: { CreationDate: new Date(0) } });
  const chunks = [];
  document.on("data", (chunk) => chunks.push(chunk));
  const ended = new Promise((resolve) => document.on("end", resolve));
  document.fontSize(20).text("Invoice 1");
  document.end();
  await ended;
  return Buffer.concat(chunks).subarray(0, 8).toString();
}
