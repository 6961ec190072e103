import type { IncomingMessage } from "node:http";

export interface WptRequest {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}
