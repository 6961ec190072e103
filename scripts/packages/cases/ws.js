import { WebSocket } from "ws";
export async function run() {
  return typeof WebSocket;
}
