import { REST } from "@discordjs/rest";
export async function run(_ctx, { origin }) {
  const rest = new REST({ api: `${origin}/discord`, retries: 0 }).setToken("t");
  return await rest.post("/channels/1/messages", { body: { content: "Hi" } });
}
