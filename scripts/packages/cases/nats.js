import { headers, nuid } from "nats";
export function run() {
  const map = headers();
  map.set("A", "b");
  return [map.get("A"), nuid.next().length];
}
