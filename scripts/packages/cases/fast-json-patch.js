import jsonpatch from "fast-json-patch";
export function run() {
  return [
    jsonpatch.compare({ a: 1 }, { a: 2, b: 3 }),
    jsonpatch.applyPatch({ a: 1 }, [{ op: "add", path: "/b", value: 2 }]).newDocument,
  ];
}
