import { Buffer } from "node:buffer";

type Chunk = string | Uint8Array;

export async function bytes(stream: AsyncIterable<Chunk>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of stream) chunks.push(new Uint8Array(Buffer.from(chunk as string)));
  return new Uint8Array(Buffer.concat(chunks));
}

export async function buffer(stream: AsyncIterable<Chunk>): Promise<Buffer> {
  return Buffer.from(await bytes(stream));
}

export async function arrayBuffer(stream: AsyncIterable<Chunk>): Promise<ArrayBuffer> {
  return (await bytes(stream)).buffer;
}

export async function text(stream: AsyncIterable<Chunk>): Promise<string> {
  return new TextDecoder().decode(await bytes(stream));
}

export async function json(stream: AsyncIterable<Chunk>): Promise<unknown> {
  return JSON.parse(await text(stream)) as unknown;
}

export async function blob(stream: AsyncIterable<Chunk>): Promise<Blob> {
  return new Blob([await bytes(stream)]);
}
