import { EventTarget } from "./event-target.ts";
import { domString, assertArguments } from "../../../core/interface.ts";

/**
 * Exists for packages that refer to the class before they need a connection. A connection cannot be journaled, so
 * the constructor throws an error with the alternative.
 */
export class WebSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;

  constructor(url: unknown) {
    super();
    assertArguments(arguments.length, 1, "WebSocket");
    throw new DOMException(
      `Cannot open a WebSocket to ${domString(url)}: a workflow holds no connections, use fetch or ctx.waitForEvent`,
      "NotSupportedError",
    );
  }
}
