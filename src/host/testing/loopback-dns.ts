import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import ipaddr from "ipaddr.js";
import type { Resolve } from "../network/name-resolver.ts";

/** A name server on loopback, and a resolver that asks it and no other. */
export interface LoopbackDns extends AsyncDisposable {
  readonly resolve: Resolve;
  /** Its address and port. */
  readonly server: string;
  /** The names that were asked for, in order. */
  readonly asked: readonly string[];
}

/**
 * @param answerOf the addresses that a name has now; with a time to live of zero
 * @param families which records the resolver asks for
 */
export async function startLoopbackDns(
  answerOf: (name: string) => string | readonly string[],
  families: readonly (4 | 6)[] = [4],
): Promise<LoopbackDns> {
  const asked: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address }) => {
    const { name, isIpv6, end } = readQuestion(query);
    asked.push(name);
    const addresses = [answerOf(name)].flat().filter((each) => each.includes(":") === isIpv6);
    socket.send(answer(query.subarray(0, end), addresses), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const resolver = new Resolver();
  const server = `127.0.0.1:${socket.address().port}`;
  resolver.setServers([server]);
  return {
    asked,
    server,
    async resolve(hostname) {
      const found = await Promise.all(
        families.map(async (family) => {
          const resolve = family === 6 ? resolver.resolve6(hostname) : resolver.resolve4(hostname);
          const addresses = await resolve.catch(() => []);
          return addresses.map((address) => ({ address, family }));
        }),
      );
      return found.flat();
    },
    [Symbol.asyncDispose]: async () => {
      resolver.cancel();
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}

const headerBytes = 12;

const ipv6Record = 28;

/** RFC 1035, section 4.1.2: labels, each after its length; then the type and the class. */
function readQuestion(query: Buffer) {
  const labels: string[] = [];
  let at = headerBytes;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join("."), isIpv6: query.readUInt16BE(at + 1) === ipv6Record, end: at + 5 };
}

/** RFC 1035, section 4.1: the question again, and its records. */
function answer(question: Buffer, addresses: readonly string[]): Buffer {
  const head = Buffer.from(question.subarray(0, headerBytes));
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(addresses.length, 6);
  head.writeUInt32BE(0, 8);
  return Buffer.concat([head, question.subarray(headerBytes), ...addresses.map(record)]);
}

/** The name as a pointer to that of the question, a class of 1 and a time to live of zero. */
function record(address: string): Buffer {
  const bytes = ipaddr.parse(address).toByteArray();
  const type = bytes.length === 16 ? ipv6Record : 1;
  return Buffer.from([0xc0, headerBytes, 0, type, 0, 1, 0, 0, 0, 0, 0, bytes.length, ...bytes]);
}
