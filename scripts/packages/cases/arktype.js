import { type } from "arktype";
export function run() {
  const user = type({ name: "string>1", "age?": "number.integer>=0" });
  return [user({ name: "ab", age: 3 }), user({ name: "a" }).summary];
}
