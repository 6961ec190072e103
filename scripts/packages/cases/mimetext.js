import { createMimeMessage } from "mimetext";
export function run() {
  const message = createMimeMessage();
  message.setSender("a@b.test");
  message.setRecipient("c@d.test");
  message.setSubject("ä");
  message.setHeader("Date", "x");
  message.setHeader("Message-ID", "<1@x>");
  message.addMessage({ contentType: "text/plain", data: "T" });
  return message.asRaw();
}
