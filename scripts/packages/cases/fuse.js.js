import Fuse from "fuse.js";
export function run() {
  return new Fuse([{ t: "apple" }, { t: "banana" }], { keys: ["t"] })
    .search("aple")
    .map(({ item }) => item.t);
}
