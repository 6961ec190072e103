/** The client part of `node:http`, implemented with the workflow's `fetch`. */
import { Agent } from "../http/agent.ts";
import { ClientRequest } from "../http/client-request.ts";
import type { RequestArguments } from "../http/client-request.ts";
import { IncomingMessage } from "../http/incoming-message.ts";

export { Agent, ClientRequest, IncomingMessage };
export const globalAgent = new Agent("http:");
export const maxHeaderSize = 16_384;

export function request(...args: RequestArguments): ClientRequest {
  return new ClientRequest("http:", args);
}

export function get(...args: RequestArguments): ClientRequest {
  return request(...args).end();
}

export function validateHeaderName(name: string): void {
  if (!/^[!#$%&'*+\-.^_`|~\w]+$/.test(name)) {
    throw Object.assign(new TypeError(`Header name must be a valid HTTP token ["${name}"]`), {
      code: "ERR_INVALID_HTTP_TOKEN",
    });
  }
}

export function validateHeaderValue(name: string, value: string | number | undefined): void {
  if (value === undefined) {
    throw Object.assign(new TypeError(`Invalid value "undefined" for header "${name}"`), {
      code: "ERR_HTTP_INVALID_HEADER_VALUE",
    });
  }
  // oxlint-disable-next-line no-control-regex -- the expression matches control characters
  if (/[^\t\u0020-\u007E\u0080-\u00FF]/.test(String(value))) {
    throw Object.assign(new TypeError(`Invalid character in header content ["${name}"]`), {
      code: "ERR_INVALID_CHAR",
    });
  }
}

export const setMaxIdleHTTPParsers = (): void => {};
