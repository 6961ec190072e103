import twilio from "twilio";
export async function run(_ctx, { origin }) {
  const client = twilio("AC" + "0".repeat(32), "token");
  client.api.baseUrl = `${origin}/twilio`;
  const message = await client.messages.create({ to: "+1", from: "+2", body: "Hi" });
  return message.sid;
}
