import Hashids from "hashids";
export function run() {
  const hashids = new Hashids("salt");
  return [hashids.encode(1, 2, 3), hashids.decode(hashids.encode(4))];
}
