import { describe, expect, it } from "vitest";
import { preferredEncoding, prefersHtml } from "./accept.ts";

describe("prefersHtml", () => {
  it.each([
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
  it.each([
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

  it("names none that there is not", () => {
    expect(preferredEncoding("br", ["gzip"])).toBeUndefined();
  });
});
