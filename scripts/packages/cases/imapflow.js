import { ImapFlow } from "imapflow";
export function run() {
  return typeof ImapFlow;
}
