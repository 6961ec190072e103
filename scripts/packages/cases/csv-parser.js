import { Readable } from "node:stream";
import csv from "csv-parser";
export async function run() {
  const rows = [];
  for await (const row of Readable.from(['a,b\n1,"x, y"\n']).pipe(csv())) rows.push({ ...row });
  return rows;
}
