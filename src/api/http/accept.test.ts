import { describe, expect, test } from "vitest";
import { preferredEncoding, prefersHtml } from "./accept.ts";

describe("prefersHtml", () => {
  test.each([
    ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true],
    ["TEXT/HTML", true],
    ["text/html;q=0.5, application/json", false],
    ["text/html, application/json;q=0.9", true],
    ["text/html;q=0", false],
    ["*/*", false],
    ["application/json", false],
    ["", false],
    [undefined, false],
  ])("%j: %j", (accept, expected) => {
    expect(prefersHtml(accept)).toBe(expected);
  });
});

describe("preferredEncoding", () => {
  test.each([
    ["gzip, deflate, br, zstd", "br"],
    ["gzip, deflate", "gzip"],
    ["br;q=0.5, gzip;q=0.9", "gzip"],
    ["br;q=0, *", "gzip"],
    ["*", "br"],
    ["*;q=0", undefined],
    ["identity", undefined],
    ["gzip;q=nonsense", "gzip"],
    ["", undefined],
    [undefined, undefined],
  ])("%j: %j", (acceptEncoding, expected) => {
    expect(preferredEncoding(acceptEncoding, ["gzip", "br"])).toBe(expected);
  });

  test("an unavailable encoding is never chosen", () => {
    expect(preferredEncoding("br", ["gzip"])).toBeUndefined();
  });
});
