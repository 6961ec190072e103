import { createCipheriv } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { keystreamBytes } from "./keystream.ts";

test("the keystream is that of OpenSSL", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.nat({ max: 0xffff_ffff }),
      fc.nat({ max: 0xffff_ffff }),
      fc.nat({ max: 48 }),
      (key, purpose, block, offset) => {
        const counterAndNonce = Buffer.alloc(16);
        counterAndNonce.writeUInt32LE(block, 0);
        counterAndNonce.writeUInt32LE(purpose, 12);
        const stream = createCipheriv("chacha20", key, counterAndNonce).update(Buffer.alloc(64));
        const start = block * 64 + offset;
        const bytes = keystreamBytes(key, purpose, { start, end: start + 16 });
        expect(bytes).toEqual(new Uint8Array(stream.subarray(offset, offset + 16)));
      },
    ),
  );
});
