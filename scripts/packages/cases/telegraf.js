import { Telegraf } from "telegraf";
export async function run(_ctx, { origin }) {
  const bot = new Telegraf("1:t", { telegram: { apiRoot: `${origin}/telegraf` } });
  return (await bot.telegram.sendMessage(1, "Hi")).message_id;
}
