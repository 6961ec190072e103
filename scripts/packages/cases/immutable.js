import { List, Map } from "immutable";
export function run() {
  return [
    Map({ a: 1 })
      .set("b", List([1, 2]))
      .toJS(),
    Map({ a: 1 }).equals(Map({ a: 1 })),
  ];
}
