import { describe, expect, test } from "vitest";
import { matchesHost, parseHostPattern } from "./host-pattern.ts";

describe("a host pattern", () => {
  test.each<[pattern: string, url: string, matches: boolean]>([
    ["api.stripe.com", "https://api.stripe.com/v1", true],
    ["api.stripe.com", "https://API.Stripe.com:443/v1", true],
    ["api.stripe.com", "https://api.stripe.com./v1", true],
    ["api.stripe.com", "http://api.stripe.com/v1", false],
    ["api.stripe.com", "https://api.stripe.com:8443/", false],
    ["api.stripe.com", "https://api.stripe.com.evil.example/", false],
    ["api.stripe.com", "https://evil.example/api.stripe.com", false],
    ["api.stripe.com", "https://notapi.stripe.com/", false],
    ["*.example.com", "https://a.b.example.com/", true],
    ["*.example.com", "https://example.com/", false],
    ["*.example.com", "https://badexample.com/", false],
    ["API.example.com:8443", "https://api.example.com:8443/", true],
    ["http://127.0.0.1:*", "http://127.0.0.1:4711/", true],
    ["http://127.0.0.1:*", "https://127.0.0.1:4711/", false],
    ["http://127.0.0.1", "http://0x7f000001/", true],
    ["[::1]:8080", "https://[::1]:8080/", true],
  ])("%s and %s: %s", (pattern, url, matches) => {
    expect(matchesHost(new URL(url), parseHostPattern(pattern))).toBe(matches);
  });

  test.each([
    "",
    "*",
    "*.*",
    "a b",
    "ftp://x",
    "https://x/path",
    "user@x",
    "x:99999999",
    "*.",
    "x..y",
    "é.example",
  ])("cannot be %j", (text) => {
    expect(() => parseHostPattern(text)).toThrow(expect.objectContaining({ code: "invalid-request" }));
  });
});
