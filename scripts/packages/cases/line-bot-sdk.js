import { messagingApi, validateSignature } from "@line/bot-sdk";
export async function run(_ctx, { origin }) {
  const client = new messagingApi.MessagingApiClient({ channelAccessToken: "t", baseURL: `${origin}/line` });
  await client.pushMessage({ to: "u", messages: [{ type: "text", text: "Hi" }] });
  return validateSignature("body", "secret", "5b9q9r6dcD0e0O2x1a4c4QwWcC2h2n3w4g6d1b0iGxw=");
}
