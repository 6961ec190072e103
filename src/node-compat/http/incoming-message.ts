import stream from "node:stream";

/**
 * A response of `node:http`. Its body is complete when it is created, because a workflow's fetch returns whole
 * responses.
 */
export class IncomingMessage extends stream.Readable {
  readonly httpVersion = "1.1";
  readonly httpVersionMajor = 1;
  readonly httpVersionMinor = 1;
  readonly complete = true;
  readonly aborted = false;
  readonly trailers = {};
  readonly rawTrailers: readonly string[] = [];
  readonly socket = {
    remoteAddress: undefined,
    encrypted: false,
    destroy: () => undefined,
    setTimeout: () => undefined,
  };
  readonly connection = this.socket;
  url = "";
  statusCode = 0;
  statusMessage = "";
  headers: Record<string, string | string[]> = {};
  rawHeaders: string[] = [];
  #body: Uint8Array | null = null;

  static async of(response: Response): Promise<IncomingMessage> {
    const message = new IncomingMessage();
    message.url = response.url;
    message.statusCode = response.status;
    message.statusMessage = response.statusText;
    for (const [name, value] of response.headers) message.#add(name, value);
    message.#removeCoding();
    message.#body = new Uint8Array(await response.arrayBuffer());
    return message;
  }
  override _read(): void {
    const body = this.#body;
    this.#body = null;
    if (body !== null && body.length > 0) this.push(body);
    this.push(null);
  }
  setTimeout(): this {
    return this;
  }

  #add(name: string, value: string): void {
    this.rawHeaders.push(name, value);
    if (name !== "set-cookie") this.headers[name] = value;
    else this.headers[name] = [this.headers[name] ?? [], value].flat();
  }
  /** What a fetch hands over is decoded, and must not be decoded again. */
  #removeCoding(): void {
    if (!("content-encoding" in this.headers)) return;
    delete this.headers["content-encoding"];
    delete this.headers["content-length"];
  }
}
