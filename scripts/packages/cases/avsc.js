import avro from "avsc";
export function run() {
  const type = avro.Type.forSchema({
    type: "record",
    name: "P",
    fields: [
      { name: "a", type: "int" },
      { name: "b", type: "string" },
    ],
  });
  return [type.toBuffer({ a: 5, b: "x" }).toString("hex"), type.fromBuffer(type.toBuffer({ a: 1, b: "y" }))];
}
