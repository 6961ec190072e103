import { createActor, createMachine } from "xstate";
export function run() {
  const actor = createActor(
    createMachine({ initial: "a", states: { a: { on: { go: "b" } }, b: { type: "final" } } }),
  ).start();
  actor.send({ type: "go" });
  return actor.getSnapshot().value;
}
