import nodemailer from "nodemailer";
export async function run() {
  const transport = nodemailer.createTransport({ jsonTransport: true });
  const { message } = await transport.sendMail({
    from: "a@b.test",
    to: "c@d.test",
    subject: "S",
    text: "T",
    messageId: "<1@x>",
    date: new Date(0),
  });
  return JSON.parse(message);
}
