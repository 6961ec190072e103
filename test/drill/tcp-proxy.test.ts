import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { startTcpProxy } from "./tcp-proxy.ts";

/** A server that answers every line with its name. */
async function startNamed(name: string) {
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", () => socket.write(name));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function connectTo(port: number) {
  const socket = connect(port, "127.0.0.1");
  const closed = new Promise<string>((resolve) => {
    socket.on("error", ({ code }: NodeJS.ErrnoException) => resolve(String(code)));
    socket.once("close", () => resolve("closed"));
  });
  const heard: string[] = [];
  socket.on("data", (chunk) => heard.push(chunk.toString()));
  return {
    closed,
    heard,
    say: () => socket.write("?"),
    async answer() {
      const [answer] = (await once(socket, "data")) as [Buffer];
      return answer.toString();
    },
    async ask() {
      socket.write("?");
      return await this.answer();
    },
    [Symbol.dispose]: () => socket.destroy(),
  };
}

test("connections go to the port with the fewest, and to the others when one refuses them", async () => {
  await using first = await startNamed("first");
  const second = await startNamed("second");
  await using proxy = await startTcpProxy([first.port, second.port]);
  using one = await connectTo(proxy.port);
  const served = [await one.ask()];
  using other = await connectTo(proxy.port);
  served.push(await other.ask());
  expect(served.toSorted()).toEqual(["first", "second"]);
  await second[Symbol.asyncDispose]();
  using third = await connectTo(proxy.port);
  expect(await third.ask()).toBe("first");
});

test("a cut resets open connections and new ones, until it is over", async () => {
  await using server = await startNamed("server");
  await using proxy = await startTcpProxy([server.port]);
  using open = await connectTo(proxy.port);
  await open.ask();
  proxy.disturb({ kind: "cut" });
  expect(await open.closed).toBe("ECONNRESET");
  using refused = await connectTo(proxy.port);
  expect(await refused.closed).not.toBe("");
  proxy.disturb(undefined);
  using again = await connectTo(proxy.port);
  expect(await again.ask()).toBe("server");
});

test("what is sent through a silent proxy arrives when it is not silent any more", async () => {
  await using server = await startNamed("server");
  await using proxy = await startTcpProxy([server.port]);
  using open = await connectTo(proxy.port);
  await open.ask();
  proxy.disturbBackend(server.port, { kind: "silent" });
  open.say();
  // The server would have answered the first question before the second one.
  await using other = await startTcpProxy([server.port]);
  using second = await connectTo(other.port);
  await second.ask();
  expect(open.heard).toEqual(["server"]);
  const answered = open.answer();
  proxy.disturbBackend(server.port, undefined);
  expect(await answered).toBe("server");
});

test("a proxy that errs answers requests with 503", async () => {
  await using server = await startNamed("server");
  await using proxy = await startTcpProxy([server.port]);
  proxy.disturb({ kind: "erring" });
  const { status } = await fetch(proxy.url);
  expect(status).toBe(503);
});
