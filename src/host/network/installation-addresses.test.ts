import { describe, expect, test } from "vitest";
import { createInstallationAddresses } from "./installation-addresses.ts";

const names: Readonly<Record<string, readonly string[]>> = { "restate.internal": ["10.1.2.3", "fd00::3"] };

const addresses = createInstallationAddresses({
  localPorts: [9070, 8080],
  remote: [
    { hostname: "restate.internal", port: 19_070 },
    { hostname: "10.1.2.4", port: 18_080 },
    { hostname: "unknown.internal", port: 17_070 },
  ],
  async resolve(hostname) {
    const found = names[hostname];
    if (found === undefined) throw new Error("ENOTFOUND");
    return found.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  },
  interfaceAddresses: () => ["192.168.7.7", "fe80::1%eth0"],
});

describe("an address of the installation", () => {
  test.each([
    ["127.0.0.1", 9070],
    ["127.255.0.9", 9070],
    ["0.0.0.0", 8080],
    ["::", 8080],
    ["::1", 9070],
    ["::ffff:127.0.0.1", 9070],
    ["::ffff:7f00:1", 9070],
    ["192.168.7.7", 9070],
    ["::ffff:192.168.7.7", 9070],
    ["fe80::1", 9070],
    ["fe80::1%2", 9070],
    ["10.1.2.3", 19_070],
    ["fd00::3", 19_070],
    ["::ffff:10.1.2.4", 18_080],
    // Where its Restate is cannot be found out, so it may be anywhere.
    ["203.0.113.9", 17_070],
  ])("is %s at port %d", async (address, port) => {
    expect(await addresses.include(address, port)).toBe(true);
  });

  test.each([
    ["127.0.0.1", 4000],
    ["192.168.7.8", 9070],
    ["10.1.2.3", 9070],
    ["10.1.2.4", 19_070],
    ["93.184.216.34", 8080],
    ["no address", 9070],
  ])("is not %s at port %d", async (address, port) => {
    expect(await addresses.include(address, port)).toBe(false);
  });
});
