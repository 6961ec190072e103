import { once } from "node:events";
import { createServer } from "node:net";
import type { Socket } from "node:net";
import type { ConnectionAcceptor, ConnectionSource } from "../../restate/endpoint/executor-endpoint.ts";
import type { ChannelEnd, ConnectionReport, Message } from "./channel.ts";

/**
 * Shares the connections of Restate between executor processes.
 *
 * The process that starts them listens. Each connection goes to the executor process with the fewest open ones, whether or
 * not it is busy at that moment: `node:cluster` and `reusePort` favour the one that is ready first. Connections that
 * arrive while no process accepts any wait.
 *
 * A process that begins to accept connections has none. So the others retire theirs, and Restate opens new ones, which are
 * shared between all.
 */
export interface ConnectionSharing extends Disposable {
  /** Includes a process, from its first report until the result is disposed, which is done after it has exited. */
  include(process: ChannelEnd): Disposable;
  /** Stops listening. */
  close(): void;
}

/** Rejects with the error of `listen`. */
export async function listenForProcesses(address: {
  readonly host: string;
  readonly port: number;
}): Promise<ConnectionSharing & { readonly port: number }> {
  const members = new Set<Member>();
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    // A connection that breaks before it is passed on.
    socket.on("error", () => {});
    const member = withFewest([...members].filter(({ isAccepting }) => isAccepting));
    if (member === undefined) socket.destroy();
    else member.pass(socket);
  });
  await once(server.listen(address), "listening");
  const bound = server.address();
  return {
    port: typeof bound === "object" && bound !== null ? bound.port : address.port,
    include(process) {
      const member = createMember(process, () => {
        for (const other of members) if (other !== member) other.retire();
      });
      members.add(member);
      return {
        [Symbol.dispose]() {
          members.delete(member);
          member[Symbol.dispose]();
        },
      };
    },
    close: () => void server.close(),
    [Symbol.dispose]: () => void server.close(),
  };
}

interface Member extends Disposable {
  readonly isAccepting: boolean;
  /** Open connections, with those that are on their way to the process. */
  readonly connections: number;
  pass(socket: Socket): void;
  retire(): void;
}

/** @param onAccepting called when the process begins to accept connections */
function createMember(channel: ChannelEnd, onAccepting: () => void): Member {
  let report: ConnectionReport = { isAccepting: false, received: 0, open: 0 };
  let passed = 0;
  const underWay = new Set<Socket>();
  channel.on("message", (message: Message) => {
    if (message.kind !== "connections") return;
    const began = message.isAccepting && !report.isAccepting;
    report = message;
    if (began) onAccepting();
  });
  return {
    get isAccepting() {
      return report.isAccepting;
    },
    get connections() {
      return report.open + passed - report.received;
    },
    pass(socket) {
      passed += 1;
      underWay.add(socket);
      channel.send?.({ kind: "connection" }, socket, undefined, () => underWay.delete(socket));
    },
    retire() {
      if (report.isAccepting) channel.send?.({ kind: "retire" });
    },
    [Symbol.dispose]() {
      report = { ...report, isAccepting: false };
      // The process has exited before it received them. Restate connects again.
      for (const socket of underWay) socket.destroy();
    },
  };
}

function withFewest(members: readonly Member[]): Member | undefined {
  const fewest = Math.min(...members.map(({ connections }) => connections));
  return members.find(({ connections }) => connections === fewest);
}

/** The other end: the connections that an executor process receives. */
export function receiveConnections(channel: ChannelEnd): ConnectionSource {
  let acceptor: ConnectionAcceptor | undefined;
  let isAccepting = true;
  let received = 0;

  function report(): void {
    channel.send?.({ kind: "connections", isAccepting, received, open: acceptor?.connections ?? 0 });
  }

  return {
    open(executor) {
      acceptor = executor;
      channel.on("message", ({ kind }: Message, socket?: Socket) => {
        if (kind === "retire") executor.retire();
        if (kind !== "connection") return;
        received += 1;
        // Without a socket, its connection ended on its way.
        if (socket !== undefined) executor.accept(socket);
        report();
      });
      report();
    },
    changed: report,
    close() {
      isAccepting = false;
      report();
    },
  };
}
