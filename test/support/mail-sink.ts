import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import type { SMTPServerOptions } from "smtp-server";

/** An e-mail that the sink accepted. */
export interface ReceivedMail {
  readonly to: readonly string[];
  readonly from: string;
  /** The message with its headers. */
  readonly text: string;
}

/** A mail server on loopback that keeps what it receives. */
export interface MailSink extends AsyncDisposable {
  /** `smtp://127.0.0.1:port` */
  readonly url: string;
  readonly mails: readonly ReceivedMail[];
}

/** @param options `accept`: resolves when the sink may accept a message; rejects to refuse it */
export async function startMailSink({
  accept = async () => {},
}: { readonly accept?: () => Promise<void> } = {}): Promise<MailSink> {
  const mails: ReceivedMail[] = [];
  const onData: SMTPServerOptions["onData"] = (stream, session, callback) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      const { mailFrom, rcptTo } = session.envelope;
      const mail = {
        to: rcptTo.map(({ address }) => address),
        from: mailFrom === false ? "" : mailFrom.address,
        text: Buffer.concat(chunks).toString("utf8"),
      };
      accept().then(
        () => {
          mails.push(mail);
          callback();
        },
        (error: Error) => callback(error),
      );
    });
  };
  const server = new SMTPServer({
    onData,
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    logger: false,
  });
  // A client that was killed resets its connection.
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    mails,
    [Symbol.asyncDispose]: async () => await new Promise<void>((resolve) => server.close(resolve)),
  };
}
