import { BrevoClient } from "@getbrevo/brevo";
export async function run(_ctx, { origin }) {
  const client = new BrevoClient({
    apiKey: "k",
    baseUrl: `${origin}/brevo`,
    environment: `${origin}/brevo`,
    maxRetries: 0,
  });
  return await client.transactionalEmails
    .sendTransacEmail({
      subject: "S",
      textContent: "T",
      sender: { email: "a@b.test" },
      to: [{ email: "c@d.test" }],
    })
    .then(Object.keys);
}
