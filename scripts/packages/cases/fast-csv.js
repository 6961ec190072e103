import { parseString, writeToString } from "fast-csv";
export async function run() {
  const rows = [];
  await new Promise((resolve, reject) =>
    parseString("a,b\n1,2\n", { headers: true })
      .on("data", (row) => rows.push(row))
      .on("error", reject)
      .on("end", resolve),
  );
  return [
    rows,
    await writeToString([
      ["a", "b"],
      [1, "x,y"],
    ]),
  ];
}
