import { once } from "node:events";
import { connect, createServer } from "node:http2";
import type {
  ClientHttp2Session,
  ClientHttp2Stream,
  ServerHttp2Session,
  ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { trackSessions } from "./executor-sessions.ts";

test("a retired connection completes its requests, accepts no others, and is closed after the last one", async () => {
  await using stack = new AsyncDisposableStack();
  const server = createServer();
  const held: ServerHttp2Stream[] = [];
  server.on("stream", (stream: ServerHttp2Stream) => {
    held.push(stream);
    stream.respond({ ":status": 200 });
  });
  const serverSession = once(server, "session");
  const sessions = trackSessions(server, { hasMaxAge: false });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stack.defer(() => sessions.destroy());
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  stack.defer(() => client.destroy());
  const limits: (number | undefined)[] = [];
  client.on("remoteSettings", ({ maxConcurrentStreams }) => limits.push(maxConcurrentStreams));
  const request = await responded(client);
  expect(sessions.count).toBe(1);

  sessions.retire();
  await once(client, "remoteSettings");
  expect(limits.at(-1)).toBe(0);
  expect(client.closed).toBe(false);
  held[0]?.end("answered");
  const [session] = (await serverSession) as [ServerHttp2Session];
  const closed = once(session, "close");
  expect(await textOf(request)).toBe("answered");
  await closed;
  expect(sessions.count).toBe(0);
});

async function responded(client: ClientHttp2Session): Promise<ClientHttp2Stream> {
  const request = client.request({ ":path": "/" });
  await once(request, "response");
  return request;
}

async function textOf(request: ClientHttp2Stream): Promise<string> {
  const chunks = await request.setEncoding("utf8").toArray();
  return chunks.join("");
}
