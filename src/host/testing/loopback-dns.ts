import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import type { Resolve } from "../connector.ts";

/** A name server on loopback, and a resolver that asks it and no other. */
export interface LoopbackDns extends AsyncDisposable {
  readonly resolve: Resolve;
  /** The names that were asked for, in order. */
  readonly asked: readonly string[];
}

/** @param answerOf the IPv4 address that a name has now; with a time to live of zero */
export async function startLoopbackDns(answerOf: (name: string) => string): Promise<LoopbackDns> {
  const asked: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address }) => {
    const { name, end } = readQuestion(query);
    asked.push(name);
    socket.send(answer(query.subarray(0, end), answerOf(name)), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const resolver = new Resolver();
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  return {
    asked,
    resolve: async (hostname) =>
      (await resolver.resolve4(hostname)).map((address) => ({ address, family: 4 })),
    [Symbol.asyncDispose]: async () => {
      resolver.cancel();
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}

const headerBytes = 12;

/** RFC 1035, section 4.1.2: labels, each after its length. */
function readQuestion(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = headerBytes;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join("."), end: at + 5 };
}

/** RFC 1035, section 4.1: the question again, and one record of it. */
function answer(question: Buffer, address: string): Buffer {
  const head = Buffer.from(question.subarray(0, headerBytes));
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(1, 6);
  head.writeUInt32BE(0, 8);
  const record = Buffer.from([
    0xc0,
    headerBytes,
    0,
    1,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    4,
    ...address.split(".").map(Number),
  ]);
  return Buffer.concat([head, question.subarray(headerBytes), record]);
}
