import { EventSource } from "eventsource";
export async function run(_ctx, { origin }) {
  const source = new EventSource(`${origin}/sse`);
  const message = await new Promise((resolve, reject) => {
    source.onmessage = resolve;
    source.onerror = reject;
  });
  source.close();
  return [message.data, message.lastEventId];
}
