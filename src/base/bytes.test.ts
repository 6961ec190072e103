import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  fromBase64,
  fromHex,
  fromLatin1,
  includesAscii,
  toBase64,
  toHex,
  toLatin1,
  utf8Length,
} from "./bytes.ts";

const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);

describe("bytes as text", () => {
  test("hex, Latin-1 and base64 texts match Node's and decode to the same bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const node = Buffer.from(bytes);
        expect(toHex(bytes)).toBe(node.toString("hex"));
        expect(toLatin1(bytes)).toBe(node.toString("latin1"));
        expect(toBase64(bytes)).toBe(node.toString("base64"));
        expect([fromHex(toHex(bytes)), fromLatin1(toLatin1(bytes)), fromBase64(toBase64(bytes))]).toEqual(
          Array.from({ length: 3 }, () => new Uint8Array(bytes)),
        );
      }),
    );
  });

  test("megabytes of bytes are encoded and decoded", () => {
    const bytes = new Uint8Array(3_000_000).fill(0xe9);
    expect(toLatin1(bytes)).toHaveLength(bytes.length);
    expect(fromBase64(toBase64(bytes))).toEqual(bytes);
  });

  test("base64 works without the engine's own functions", () => {
    const bytes = Object.assign(new Uint8Array(everyByte), { toBase64: undefined });
    expect(toBase64(bytes)).toBe(Buffer.from(everyByte).toString("base64"));
    const { fromBase64: own } = Uint8Array as { fromBase64?: unknown };
    Reflect.deleteProperty(Uint8Array, "fromBase64");
    try {
      expect(fromBase64(toBase64(bytes))).toEqual(everyByte);
    } finally {
      Object.assign(Uint8Array, { fromBase64: own });
    }
  });

  test("invalid base64 is refused", () => {
    expect(() => fromBase64("a$b=")).toThrow();
  });

  test("bytes are searched for ASCII", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[abc]{0,9}$/), fc.stringMatching(/^[abc]{1,3}$/), (text, wanted) => {
        expect(includesAscii(Buffer.from(text), wanted)).toBe(text.includes(wanted));
      }),
    );
  });

  test("the bytes of a text are counted as UTF-8", () => {
    expect(utf8Length("aü€😀")).toBe(1 + 2 + 3 + 4);
  });
});
