import { IncomingWebhook } from "@slack/webhook";
export async function run(_ctx, { origin }) {
  return await new IncomingWebhook(`${origin}/slack-webhook/T/B/x`).send({ text: "Hi" });
}
