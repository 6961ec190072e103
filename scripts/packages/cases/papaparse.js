import Papa from "papaparse";
export function run() {
  return [
    Papa.parse('a,b\n1,x\n2,"y,z"', { header: true, dynamicTyping: true }).data,
    Papa.unparse([{ a: 1, b: "x,y" }]),
  ];
}
