import type { Instance } from "./instance.ts";

/** One event as a reader of a stream receives it. */
export interface SeenEvent {
  readonly type: string;
  readonly id: string | undefined;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into data of every form
  readonly data: any;
}

/** Reads a stream of events until it ends or the caller stops reading. */
export async function* readEvents(
  instance: Instance,
  path: string,
  headers: Record<string, string> = {},
): AsyncGenerator<SeenEvent> {
  const response = await fetch(`${instance.url}${path}`, {
    headers: { authorization: `Bearer ${instance.rootKey}`, accept: "text/event-stream", ...headers },
  });
  if (response.body === null) throw new Error(`${path} answered ${response.status} and no stream`);
  let text = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = `${text}${chunk}`.split("\n\n");
    text = blocks.pop() ?? "";
    for (const event of blocks.map(parseEvent)) if (event !== undefined) yield event;
  }
}

function parseEvent(block: string): SeenEvent | undefined {
  const fields = new Map(block.split("\n").map((line) => line.split(": ", 2) as [string, string]));
  if (!fields.has("data")) return undefined;
  const data = block.slice(block.indexOf("data: ") + "data: ".length);
  return { type: fields.get("event") ?? "message", id: fields.get("id"), data: JSON.parse(data) };
}
