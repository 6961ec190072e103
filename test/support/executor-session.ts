import { connect } from "node:http2";
import type { ClientHttp2Session } from "node:http2";

/** A connection to the executor, which is replaced after it has ended. */
export function createExecutorSession(port: number): { get(): ClientHttp2Session } {
  let session: ClientHttp2Session | undefined;
  return {
    get() {
      if (session === undefined || session.destroyed || session.closed) {
        session = connect(`http://127.0.0.1:${port}`);
        session.on("error", () => {});
      }
      return session;
    },
  };
}
