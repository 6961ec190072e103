import { Engine } from "json-rules-engine";
export async function run() {
  const engine = new Engine([
    { conditions: { all: [{ fact: "a", operator: "greaterThan", value: 1 }] }, event: { type: "yes" } },
  ]);
  return (await engine.run({ a: 2 })).events;
}
