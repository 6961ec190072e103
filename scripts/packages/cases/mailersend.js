import { EmailParams, MailerSend, Recipient, Sender } from "mailersend";
export function run() {
  const parameters = new EmailParams()
    .setFrom(new Sender("a@b.test", "A"))
    .setTo([new Recipient("c@d.test", "C")])
    .setSubject("S")
    .setText("T");
  return [parameters.subject, typeof new MailerSend({ apiKey: "k" }).email.send];
}
