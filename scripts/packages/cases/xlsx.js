import * as XLSX from "xlsx";
export function run() {
  const book = XLSX.utils.book_new();
  XLSX.utils.book_append_sheet(
    book,
    XLSX.utils.json_to_sheet([
      { a: 1, b: "ä" },
      { a: 2.5, b: "c" },
    ]),
    "S",
  );
  const bytes = XLSX.write(book, { type: "buffer", bookType: "xlsx" });
  const read = XLSX.read(bytes, { type: "buffer" });
  return [XLSX.utils.sheet_to_json(read.Sheets.S), XLSX.utils.sheet_to_csv(read.Sheets.S)];
}
