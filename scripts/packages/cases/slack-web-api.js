import { WebClient } from "@slack/web-api";
export async function run(_ctx, { origin }) {
  const client = new WebClient("xoxb", {
    slackApiUrl: `${origin}/slack-web-api/`,
    retryConfig: { retries: 0 },
  });
  const message = await client.chat.postMessage({ channel: "C1", text: "Hi", blocks: [{ type: "divider" }] });
  const failure = await client.conversations
    .info({ channel: "missing" })
    .catch((error) => [error.code, error.data?.error]);
  return [message.ts, failure];
}
