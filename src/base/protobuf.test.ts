import { describe, expect, test } from "vitest";
import { fieldsOf } from "./protobuf.ts";

/** The message with a field of each wire type. */
const message = Buffer.from("08ac021912345678123456781a0261622500000001f80101", "hex");

describe("fieldsOf", () => {
  test("reads fields of every wire type in the order of the wire", () => {
    expect([...fieldsOf(message)]).toEqual([
      { number: 1, wireType: 0, content: 300n },
      { number: 3, wireType: 1, content: Buffer.from("1234567812345678", "hex") },
      { number: 3, wireType: 2, content: Buffer.from("ab") },
      { number: 4, wireType: 5, content: Buffer.from("00000001", "hex") },
      { number: 31, wireType: 0, content: 1n },
    ]);
  });

  test("reads integers of 64 bits exactly", () => {
    expect([...fieldsOf(Buffer.from("08ffffffffffffffffff01", "hex"))]).toMatchObject([
      { content: 0xffff_ffff_ffff_ffffn },
    ]);
  });

  test.each(["08", "0880", "1a05", "1a0261", "19123456", "2500"])(
    "rejects the truncated message %s",
    (hex) => {
      expect(() => [...fieldsOf(Buffer.from(hex, "hex"))]).toThrow("truncated");
    },
  );

  test("rejects an unknown wire type", () => {
    expect(() => [...fieldsOf(Buffer.from("0b", "hex"))]).toThrow("unknown wire type 3");
  });
});
