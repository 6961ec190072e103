import { camelCase, constantCase, snakeCase } from "change-case";
export function run() {
  return [camelCase("two words"), constantCase("twoWords"), snakeCase("HTTPServer")];
}
