import { Bot } from "grammy";
export async function run(_ctx, { origin }) {
  const bot = new Bot("1:token", { client: { apiRoot: `${origin}/telegraf` } });
  return await bot.api.sendMessage(1, "Hi").then(
    (message) => message?.message_id ?? null,
    (error) => error.name,
  );
}
