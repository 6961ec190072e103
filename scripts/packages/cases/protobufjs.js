import protobuf from "protobufjs";
export function run() {
  const { root } = protobuf.parse('syntax = "proto3"; message A { string name = 1; repeated int32 n = 2; }');
  const A = root.lookupType("A");
  const bytes = A.encode(A.create({ name: "é", n: [1, 300] })).finish();
  return [Buffer.from(bytes).toString("hex"), A.toObject(A.decode(bytes))];
}
