import { credentials } from "amqplib";
export function run() {
  return credentials.plain("u", "p").response().toString();
}
