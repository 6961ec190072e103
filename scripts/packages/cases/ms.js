import ms from "ms";
export function run() {
  return [ms("2.5 hrs"), ms(6e4, { long: true })];
}
