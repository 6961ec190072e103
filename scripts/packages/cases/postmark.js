import { ServerClient } from "postmark";
export async function run(_ctx, { origin }) {
  const { host } = new URL(origin);
  const client = new ServerClient("k", { requestHost: `${host}/postmark`, useHttps: false });
  return (await client.sendEmail({ From: "a@b.test", To: "c@d.test", Subject: "S", TextBody: "T" }))
    .MessageID;
}
