import { Webhook } from "svix";
export function run() {
  const hook = new Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  const now = new Date();
  const signature = hook.sign("msg_1", now, '{"a":1}');
  return hook.verify('{"a":1}', {
    "svix-id": "msg_1",
    "svix-timestamp": String(Math.floor(now / 1000)),
    "svix-signature": signature,
  });
}
