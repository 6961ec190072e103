import { expect, test } from "vitest";
import { createLocalCoordination } from "./local-coordination.ts";
import { createSharedCounts } from "./shared-counts.ts";

test("what is counted reaches all others, added up, and does not come back", async () => {
  await using coordination = createLocalCoordination();
  const received: string[] = [];
  using first = createSharedCounts(coordination, "requests-by-address");
  using second = createSharedCounts(coordination, "requests-by-address");
  first.subscribe((name, count) => received.push(`first: ${count} of ${name}`));
  second.subscribe((name, count) => received.push(`second: ${count} of ${name}`));
  first.add("192.0.2.1");
  first.add("192.0.2.1");
  second.add("2001:db8::/56");
  await expect
    .poll(() => received.toSorted())
    .toEqual(["first: 1 of 2001:db8::/56", "second: 2 of 192.0.2.1"]);
});
