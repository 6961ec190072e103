import PostalMime from "postal-mime";
export async function run() {
  const mail = await PostalMime.parse(
    "From: Ada <a@b.test>\r\nSubject: =?utf-8?Q?=C3=A4?=\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVsbG8=\r\n",
  );
  return [mail.from, mail.subject, mail.text];
}
