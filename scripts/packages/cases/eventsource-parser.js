import { createParser } from "eventsource-parser";
export function run() {
  const events = [];
  const parser = createParser({ onEvent: (event) => events.push(event) });
  parser.feed("id: 1\nevent: a\ndata: b\n\n");
  return events;
}
