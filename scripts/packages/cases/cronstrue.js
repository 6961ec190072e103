import cronstrue from "cronstrue";
export function run() {
  return [
    cronstrue.toString("*/5 9-17 * * MON-FRI"),
    cronstrue.toString("0 0 1 * *", { use24HourTimeFormat: true }),
  ];
}
