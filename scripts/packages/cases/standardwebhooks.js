import { Webhook } from "standardwebhooks";
export function run() {
  return new Webhook("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").sign("msg_1", new Date(1e12), '{"a":1}');
}
