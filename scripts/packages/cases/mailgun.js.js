import Mailgun from "mailgun.js";
export async function run(_ctx, { origin }) {
  const client = new Mailgun(FormData).client({ username: "api", key: "k", url: `${origin}/mailgun` });
  return (
    await client.messages.create("d.test", { from: "a@b.test", to: ["c@d.test"], subject: "S", text: "T" })
  ).id;
}
