import { Unleash } from "unleash-client";
export function run() {
  return typeof Unleash;
}
