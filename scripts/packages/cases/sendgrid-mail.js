import mail from "@sendgrid/mail";
export async function run(_ctx, { origin }) {
  mail.setApiKey("SG.k");
  mail.client.setDefaultRequest("baseUrl", `${origin}/sendgrid-mail`);
  const [response] = await mail.send({
    to: "a@b.test",
    from: "c@d.test",
    subject: "S",
    text: "T",
    attachments: [{ content: Buffer.from("x").toString("base64"), filename: "x.txt" }],
  });
  return response.statusCode;
}
