import { createTransport } from "nodemailer";
import { deliveryTimeoutMs } from "./limits.ts";

export interface MailerOptions {
  /** `smtp://user:password@mail.example:587`, or `smtps:` for TLS from the start. */
  readonly url: string;
  readonly from: string;
}

export interface Mail {
  /** The same in each attempt: the ID of the message. */
  readonly id: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

export interface Mailer extends Disposable {
  /** Rejects unless the mail server accepted the message for at least one recipient. */
  send(mail: Mail, signal: AbortSignal): Promise<void>;
}

/** Sends e-mails over SMTP, each over a connection of its own. */
export function createMailer({ url, from }: MailerOptions): Mailer {
  const transport = createTransport(
    {
      url,
      connectionTimeout: deliveryTimeoutMs,
      greetingTimeout: deliveryTimeoutMs,
      socketTimeout: deliveryTimeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  );
  return {
    async send({ id, to, subject, text }, signal) {
      signal.throwIfAborted();
      await transport.sendMail({
        messageId: `<${id}@duranium>`,
        to: [...to],
        subject,
        text,
        // RFC 3834: no auto-responder answers it.
        headers: { "auto-submitted": "auto-generated" },
      });
    },
    [Symbol.dispose]: () => transport.close(),
  };
}
