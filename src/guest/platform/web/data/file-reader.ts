import { callGuarded } from "../../../host/completion.ts";
import { setTimeout } from "../../../host/timers.ts";
import { Event, type EventInit } from "../events/event.ts";
import { EventTarget, eventAttribute } from "../events/event-target.ts";
import { extractMimeType } from "./mime-type.ts";
import { domNumber, assertArguments } from "../../../core/interface.ts";

/** `ProgressEvent` of the XMLHttpRequest standard, which `FileReader` dispatches. */
export class ProgressEvent extends Event {
  readonly #progress: Progress;

  constructor(type: unknown, init: EventInit & Partial<Progress> = {}) {
    super(type, init);
    const { lengthComputable = false, loaded = 0, total = 0 } = init;
    this.#progress = {
      lengthComputable: Boolean(lengthComputable as unknown),
      loaded: domNumber(loaded),
      total: domNumber(total),
    };
  }

  get lengthComputable(): boolean {
    return this.#progress.lengthComputable;
  }

  get loaded(): number {
    return this.#progress.loaded;
  }

  get total(): number {
    return this.#progress.total;
  }
}

interface Progress {
  readonly lengthComputable: boolean;
  readonly loaded: number;
  readonly total: number;
}

type Read = (bytes: Uint8Array<ArrayBuffer>, type: string) => string | ArrayBuffer;

const eventTypes = ["loadstart", "progress", "load", "abort", "error", "loadend"] as const;

/**
 * `FileReader` of the File API, section 6. The bytes of a blob are in memory already, so each read is a single
 * task.
 */
export class FileReader extends EventTarget {
  static readonly EMPTY = 0;
  static readonly LOADING = 1;
  static readonly DONE = 2;

  #readyState = 0;
  #result: string | ArrayBuffer | null = null;
  #error: unknown = null;
  /** The number of the current read. An aborted read has an older number and reports nothing. */
  #reading = 0;

  get EMPTY(): number {
    return 0;
  }

  get LOADING(): number {
    return 1;
  }

  get DONE(): number {
    return 2;
  }

  get readyState(): number {
    return this.#readyState;
  }

  get result(): string | ArrayBuffer | null {
    return this.#result;
  }

  get error(): unknown {
    return this.#error;
  }

  readAsArrayBuffer(blob: Blob): void {
    assertArguments(arguments.length, 1, "FileReader.readAsArrayBuffer");
    this.#read(blob, (bytes) => bytes.buffer);
  }

  readAsBinaryString(blob: Blob): void {
    assertArguments(arguments.length, 1, "FileReader.readAsBinaryString");
    this.#read(blob, (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  }

  readAsText(blob: Blob, encoding?: string): void {
    assertArguments(arguments.length, 1, "FileReader.readAsText");
    this.#read(blob, (bytes, type) => decoderFor(encoding, type).decode(bytes));
  }

  readAsDataURL(blob: Blob): void {
    assertArguments(arguments.length, 1, "FileReader.readAsDataURL");
    this.#read(
      blob,
      (bytes, type) => `data:${type === "" ? "application/octet-stream" : type};base64,${bytes.toBase64()}`,
    );
  }

  abort(): void {
    if (this.#readyState !== FileReader.LOADING) return void (this.#result = null);
    this.#reading += 1;
    this.#readyState = FileReader.DONE;
    this.#result = null;
    this.#tell("abort");
    this.#tell("loadend");
  }

  #read(blob: unknown, read: Read): void {
    if (!(blob instanceof Blob)) throw new TypeError("A FileReader reads a Blob");
    if (this.#readyState === FileReader.LOADING) {
      throw new DOMException("The FileReader is reading already", "InvalidStateError");
    }
    this.#readyState = FileReader.LOADING;
    this.#result = null;
    this.#error = null;
    this.#reading += 1;
    const reading = this.#reading;
    void this.#deliver(blob, read, (act) => {
      setTimeout(() => {
        if (reading === this.#reading) act();
      }, 0);
    });
  }

  async #deliver(blob: Blob, read: Read, inTask: (act: () => void) => void): Promise<void> {
    const size = { lengthComputable: true, total: blob.size };
    inTask(() => this.#tell("loadstart", { ...size, loaded: 0 }));
    try {
      const result = read(new Uint8Array(await blob.arrayBuffer()), blob.type);
      inTask(() => this.#end(result, { ...size, loaded: blob.size }));
    } catch (error) {
      inTask(() => this.#fail(error));
    }
  }

  #end(result: string | ArrayBuffer, size: Progress): void {
    if (size.loaded > 0) this.#tell("progress", size);
    this.#readyState = FileReader.DONE;
    this.#result = result;
    this.#tell("load", size);
    if (this.#readyState === FileReader.DONE) this.#tell("loadend", size);
  }

  #fail(error: unknown): void {
    this.#readyState = FileReader.DONE;
    this.#error = error;
    this.#tell("error");
    if (this.#readyState === FileReader.DONE) this.#tell("loadend");
  }

  #tell(type: (typeof eventTypes)[number], size = {}): void {
    callGuarded(() => this.dispatchEvent(new ProgressEvent(type, size)), this, []);
  }
}

for (const type of eventTypes) {
  const attributes = new WeakMap<FileReader, ReturnType<typeof eventAttribute>>();
  const of = (reader: FileReader) => {
    const attribute = attributes.get(reader) ?? eventAttribute(reader, type);
    attributes.set(reader, attribute);
    return attribute;
  };
  Object.defineProperty(FileReader.prototype, `on${type}`, {
    get(this: FileReader) {
      return of(this).get();
    },
    set(this: FileReader, handler: unknown) {
      of(this).set(handler);
    },
    enumerable: true,
    configurable: true,
  });
}

function decoderFor(encoding: string | undefined, type: string): TextDecoder {
  for (const label of [encoding, extractMimeType(type)?.parameters.get("charset")]) {
    try {
      if (label !== undefined) return new TextDecoder(label);
    } catch {
      // An unknown encoding is ignored.
    }
  }
  return new TextDecoder();
}
