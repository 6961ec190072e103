import { EventEmitter } from "node:events";

/** The host manages connections, so an agent only holds options. */
export class Agent extends EventEmitter {
  readonly protocol: string;
  readonly options: object;
  readonly maxSockets = Infinity;
  readonly sockets = {};
  readonly freeSockets = {};
  readonly requests = {};
  readonly defaultPort: number;
  keepAlive: boolean;

  constructor(options: object | string = {}) {
    super();
    const isProtocol = typeof options === "string";
    this.protocol = isProtocol ? options : "http:";
    this.defaultPort = this.protocol === "https:" ? 443 : 80;
    this.options = isProtocol ? {} : { ...options };
    this.keepAlive = !isProtocol && (options as { readonly keepAlive?: boolean }).keepAlive === true;
  }
  destroy(): void {}
  getName(): string {
    return "";
  }
}

export class HttpsAgent extends Agent {
  constructor(options: object = {}) {
    super("https:");
    Object.assign(this.options, options);
  }
}
