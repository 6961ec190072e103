import { EventEmitter, once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ChannelEnd, Message } from "./channel.ts";
import { listenForProcesses } from "./connection-sharing.ts";

let stack: AsyncDisposableStack;
let sharing: Awaited<ReturnType<typeof listenForProcesses>>;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  sharing = stack.use(await listenForProcesses({ host: "127.0.0.1", port: 0 }));
});
afterEach(async () => await stack.disposeAsync());

test("each connection goes to the process with the fewest open ones, also if that process is slow to receive them", async () => {
  const [slow, quick] = [createExecutorProcess(), createExecutorProcess()];
  slow.report();
  quick.report();
  for (let count = 0; count < 10; count += 1) {
    await open();
    quick.report();
  }
  expect([slow.sockets.length, quick.sockets.length]).toEqual([5, 5]);

  slow.closed = 3;
  slow.report();
  for (let count = 0; count < 4; count += 1) await open();
  expect([slow.sockets.length, quick.sockets.length]).toEqual([9, 5]);
});

test("a process that leaves gets no connections, and those of one that has exited break", async () => {
  const [leaving, other] = [createExecutorProcess(), createExecutorProcess()];
  leaving.report();
  other.report();
  const first = await open();
  const second = await open();
  leaving.isAccepting = false;
  leaving.report();
  await open();
  expect([leaving.sockets.length, other.sockets.length]).toEqual([1, 2]);
  expect([first.destroyed, second.destroyed]).toEqual([false, false]);
  leaving.exit();
  await once(first, "close");
  expect(second.destroyed).toBe(false);
});

test("a connection is closed while no process accepts it, and the others retire theirs when one begins to", async () => {
  const first = createExecutorProcess();
  const refused = await connected();
  await once(refused, "close");
  expect(first.sockets).toEqual([]);
  first.report();
  await open();
  expect([first.sockets.length, first.retired]).toEqual([1, 0]);

  const second = createExecutorProcess();
  second.report();
  expect([first.retired, second.retired]).toEqual([1, 0]);
  second.report();
  expect(first.retired).toBe(1);
});

interface ExecutorProcess {
  readonly sockets: Socket[];
  readonly retired: number;
  isAccepting: boolean;
  /** How many of the sockets that it has reported are closed. */
  closed: number;
  /** Reports all sockets that were passed to it. */
  report(): void;
  exit(): void;
}

/** An executor process that receives connections, and reports them when the test calls `report`. */
function createExecutorProcess(): ExecutorProcess {
  const channel = new EventEmitter();
  const sockets: Socket[] = [];
  let retired = 0;
  const end: ChannelEnd = Object.assign(channel, {
    send({ kind }: Message, socket?: Socket) {
      if (kind === "retire") retired += 1;
      if (socket === undefined) return;
      sockets.push(socket);
      passed.emit("passed");
    },
  });
  const included = stack.use(sharing.include(end));
  return {
    sockets,
    get retired() {
      return retired;
    },
    isAccepting: true,
    closed: 0,
    report() {
      const { isAccepting, closed } = this;
      const received = sockets.length;
      channel.emit("message", { kind: "connections", isAccepting, received, open: received - closed });
    },
    exit: () => included[Symbol.dispose](),
  };
}

const passed = new EventEmitter();

/** Opens a connection, and resolves when it was passed to a process. */
async function open(): Promise<Socket> {
  const [client] = await Promise.all([connected(), once(passed, "passed")]);
  return client;
}

async function connected(): Promise<Socket> {
  const client = connect(sharing.port, "127.0.0.1");
  stack.defer(() => void client.destroy());
  client.on("error", () => {}).resume();
  await once(client, "connect");
  return client;
}
