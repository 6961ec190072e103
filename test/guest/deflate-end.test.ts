import { constants, deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { endOfDeflate } from "../../src/guest/platform/web/streams/deflate-end.ts";

const text = Buffer.from(
  Array.from({ length: 4_000 }, (_, i) => `order ${(i * 7_919) % 1_009} is ${i}\n`).join(""),
);
const noise = Buffer.from(Array.from({ length: 3_000 }, (_, i) => (i * i * 31 + (i >> 3)) & 0xff));

const streams = {
  empty: deflateRawSync(""),
  "dynamic codes": deflateRawSync(text),
  "several blocks": deflateRawSync(Buffer.concat([text, noise, text]), { memLevel: 1 }),
  "fixed codes": deflateRawSync(text.subarray(0, 2_000), { strategy: constants.Z_FIXED }),
  "codes without matches": deflateRawSync(text.subarray(0, 5_000), { strategy: constants.Z_HUFFMAN_ONLY }),
  stored: deflateRawSync(noise, { level: 0 }),
};

test.each(Object.entries(streams))("the end of deflate data is found exactly: %s", (_, bytes) => {
  expect(endOfDeflate(bytes, 0)).toBe(bytes.length);
  expect(endOfDeflate(Buffer.concat([Buffer.of(0x78, 0x9c), bytes, Buffer.of(1, 2, 3, 4)]), 2)).toBe(
    bytes.length + 2,
  );
  for (let length = 0; length < bytes.length; length += bytes.length > 3_000 ? 37 : 1) {
    expect(endOfDeflate(bytes.subarray(0, length), 0)).toBeUndefined();
  }
});
