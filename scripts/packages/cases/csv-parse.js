import { parse } from "csv-parse/sync";
import { parse as parseStream } from "csv-parse";
export async function run() {
  const rows = await new Promise((resolve, reject) =>
    parseStream("a;b\n1;2", { delimiter: ";" }, (error, records) =>
      error ? reject(error) : resolve(records),
    ),
  );
  return [parse('name,age\n"Ada, L",36\nü,1', { columns: true, cast: true }), rows];
}
