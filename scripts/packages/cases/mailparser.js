import { simpleParser } from "mailparser";
export async function run() {
  const mail = await simpleParser(
    "From: A <a@b.test>\r\nTo: c@d.test\r\nSubject: =?utf-8?q?H=C3=A9?=\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\ncaf=E9\r\n--x\r\nContent-Disposition: attachment; filename=f.txt\r\nContent-Transfer-Encoding: base64\r\n\r\naGk=\r\n--x--\r\n",
  );
  return [
    mail.subject,
    mail.from.text,
    mail.text.trim(),
    mail.attachments.map(({ filename, content }) => [filename, content.toString()]),
  ];
}
