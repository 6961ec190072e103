import { Resend } from "resend";
export async function run(_ctx, { origin }) {
  const resend = new Resend("re_k", { baseUrl: `${origin}/resend` });
  const { data, error } = await resend.emails.send({
    from: "a@b.test",
    to: "c@d.test",
    subject: "S",
    html: "<p>T</p>",
  });
  return [data, error];
}
