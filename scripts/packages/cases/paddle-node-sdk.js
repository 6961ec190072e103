import { Paddle } from "@paddle/paddle-node-sdk";
export async function run() {
  const paddle = new Paddle("key");
  return await paddle.webhooks
    .unmarshal('{"event_type":"x"}', "secret", "ts=1;h1=abc")
    .catch((error) => String(error.message));
}
