import pluralize from "pluralize";
export function run() {
  return [pluralize("person"), pluralize("cat", 1, true), pluralize.singular("geese")];
}
