import objectHash from "object-hash";
export function run() {
  return [
    objectHash({ a: [1, "b"], c: new Date(0) }),
    objectHash({ a: 1 }, { algorithm: "md5", encoding: "base64" }),
  ];
}
