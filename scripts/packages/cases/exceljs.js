import ExcelJS from "exceljs";
export async function run() {
  const workbook = new ExcelJS.Workbook();
  workbook.created = new Date(0);
  workbook.modified = new Date(0);
  const sheet = workbook.addWorksheet("S");
  sheet.columns = [{ header: "A", key: "a", width: 10 }];
  sheet.addRow({ a: 1.5 });
  sheet.addRow({ a: new Date(0) });
  sheet.getCell("A4").value = { formula: "SUM(A2:A2)", result: 1.5 };
  const bytes = await workbook.xlsx.writeBuffer();
  const read = new ExcelJS.Workbook();
  await read.xlsx.load(bytes);
  return [
    read.getWorksheet("S").getCell("A2").value,
    read.getWorksheet("S").getCell("A3").value,
    read.getWorksheet("S").getCell("A4").result,
  ];
}
