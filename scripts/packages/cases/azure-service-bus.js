import { ServiceBusClient } from "@azure/service-bus";
export function run() {
  return typeof ServiceBusClient;
}
