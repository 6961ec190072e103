import "reflect-metadata";
import { IsEmail, Length, validate } from "class-validator";
class User {}
IsEmail()(User.prototype, "email");
Length(2, 5)(User.prototype, "name");
export async function run() {
  const errors = await validate(Object.assign(new User(), { email: "x", name: "a" }));
  return errors.map(({ property, constraints }) => [property, constraints]);
}
