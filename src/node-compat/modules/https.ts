/** The client part of `node:https`, implemented with the workflow's `fetch`. */
import { HttpsAgent } from "../http/agent.ts";
import { ClientRequest } from "../http/client-request.ts";
import type { RequestArguments } from "../http/client-request.ts";

export { HttpsAgent as Agent };
export const globalAgent = new HttpsAgent();

export function request(...args: RequestArguments): ClientRequest {
  return new ClientRequest("https:", args);
}

export function get(...args: RequestArguments): ClientRequest {
  return request(...args).end();
}
