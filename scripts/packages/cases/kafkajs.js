import { Kafka, logLevel } from "kafkajs";
export function run() {
  const kafka = new Kafka({ clientId: "c", brokers: ["a.test:9092"], logLevel: logLevel.NOTHING });
  return typeof kafka.producer().send;
}
