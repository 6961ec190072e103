import humanizeDuration from "humanize-duration";
export function run() {
  return [humanizeDuration(3_661_000), humanizeDuration(97_320_000, { language: "de", round: true })];
}
