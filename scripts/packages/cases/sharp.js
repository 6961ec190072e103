import sharp from "sharp";
export function run() {
  return typeof sharp;
}
