import { Vonage } from "@vonage/server-sdk";
import { Auth } from "@vonage/auth";
export async function run(_ctx, { origin }) {
  const vonage = new Vonage(new Auth({ apiKey: "k", apiSecret: "s" }), {
    restHost: `${origin}/vonage`,
    apiHost: `${origin}/vonage`,
  });
  return await vonage.sms.send({ to: "1", from: "2", text: "Hi" }).then(
    (reply) => Object.keys(reply),
    (error) => error.constructor.name,
  );
}
