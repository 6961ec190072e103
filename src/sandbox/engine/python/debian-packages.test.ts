import { expect, test } from "vitest";
import { snapshotArchive } from "./debian-packages.ts";

test("the archive of every version is read as it was on the day of the pinned ones", () => {
  expect(snapshotArchive({ epoch: Date.UTC(2026, 10, 30) / 1_000 })).toBe(
    "http://snapshot.debian.org/archive/debian/20261130T000000Z/",
  );
});
