import mqtt from "mqtt";
export function run() {
  return typeof mqtt.connect;
}
