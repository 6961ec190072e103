import { enableMapSet, produce } from "immer";
enableMapSet();
export function run() {
  const base = { a: [1], m: new Map([["k", 1]]) };
  const next = produce(base, (draft) => {
    draft.a.push(2);
    draft.m.set("k", 2);
  });
  return [base.a, next.a, next.m.get("k"), Object.isFrozen(next)];
}
