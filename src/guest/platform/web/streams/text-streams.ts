import { bytesOfSource } from "../data/buffer-source.ts";
import { TransformStream } from "./streams.ts";

/** `TextDecoderStream` of the Encoding standard. */
export class TextDecoderStream {
  readonly #stream: TransformStream<BufferSource, string>;
  readonly #decoder: TextDecoder;

  constructor(label?: string, options?: TextDecoderOptions) {
    const decoder = new TextDecoder(label, options);
    this.#stream = new TransformStream({
      transform: (chunk, controller) =>
        enqueueText(controller, decoder.decode(bytesOfSource(chunk), { stream: true })),
      flush: (controller) => enqueueText(controller, decoder.decode()),
    });
    this.#decoder = decoder;
  }

  get readable(): ReadableStream<string> {
    return this.#stream.readable;
  }

  get writable(): WritableStream<BufferSource> {
    return this.#stream.writable;
  }

  get encoding(): string {
    return this.#decoder.encoding;
  }

  get fatal(): boolean {
    return this.#decoder.fatal;
  }

  get ignoreBOM(): boolean {
    return this.#decoder.ignoreBOM;
  }
}

/** `TextEncoderStream` of the Encoding standard. A surrogate pair may be split between chunks. */
export class TextEncoderStream {
  readonly #stream: TransformStream<unknown, Uint8Array<ArrayBuffer>>;

  constructor() {
    const encoder = new TextEncoder();
    let high = "";
    this.#stream = new TransformStream({
      transform: (chunk, controller) => {
        const text = high + String(chunk);
        high = endsInHighSurrogate(text) ? text.slice(-1) : "";
        const whole = text.slice(0, text.length - high.length);
        if (whole !== "") controller.enqueue(encoder.encode(whole));
      },
      flush: (controller) => {
        if (high !== "") controller.enqueue(encoder.encode(high));
      },
    });
  }

  get readable(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.#stream.readable;
  }

  get writable(): WritableStream<unknown> {
    return this.#stream.writable;
  }

  get encoding(): string {
    void this.#stream;
    return "utf-8";
  }
}

function endsInHighSurrogate(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}

function enqueueText(controller: TransformStreamDefaultController<string>, text: string): void {
  if (text !== "") controller.enqueue(text);
}
