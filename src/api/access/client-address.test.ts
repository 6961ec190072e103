import { describe, expect, test } from "vitest";
import type { ApiContext } from "../contract/context.ts";
import { createClientAddress, networkOf } from "./client-address.ts";

function contextOf(remoteAddress: string, forwardedFor?: string): ApiContext {
  const incoming = {
    socket: { remoteAddress },
    connection: { remoteAddress },
    headers: forwardedFor === undefined ? {} : { "x-forwarded-for": forwardedFor },
  };
  return { env: { incoming } } as unknown as ApiContext;
}

describe("the client's address", () => {
  test("without trusted proxies, it is the address of the connection", () => {
    const addressOf = createClientAddress([]);
    expect(addressOf(contextOf("203.0.113.7"))).toBe("203.0.113.7");
    expect(addressOf(contextOf("203.0.113.7", "198.51.100.1"))).toBe("203.0.113.7");
  });

  test("it is the last address in X-Forwarded-For that is not a trusted proxy", () => {
    const addressOf = createClientAddress(["10.0.0.0/8"]);
    expect(addressOf(contextOf("10.1.2.3", "198.51.100.1"))).toBe("198.51.100.1");
    expect(addressOf(contextOf("10.1.2.3", "127.0.0.1, 198.51.100.1, 10.9.9.9"))).toBe("198.51.100.1");
    expect(addressOf(contextOf("203.0.113.7", "198.51.100.1"))).toBe("203.0.113.7");
  });

  test("trusted proxies must be IP addresses", () => {
    expect(() => createClientAddress(["my proxy"])).toThrow(TypeError);
  });
});

describe("networkOf", () => {
  test.each([
    ["203.0.113.7", "203.0.113.7"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::6", "2001:db8:1:2::/64"],
    ["2001:db8::6", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["unknown", "unknown"],
  ])("the network of %s is %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
