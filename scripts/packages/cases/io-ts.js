import * as t from "io-ts";
export function run() {
  const User = t.type({ id: t.number, name: t.string });
  return [User.decode({ id: 1, name: "a" })._tag, User.decode({ id: "x" })._tag];
}
