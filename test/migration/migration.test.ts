import { expect, test } from "vitest";
import { describeWithObjectStorage } from "../support/object-storage.ts";
import { describeWithPostgres } from "../support/postgres.ts";
import { runCampaign } from "./campaign.ts";

/** The short form; `npm run verify:migration` is the long one. */
const short = { workflows: 8, versions: 16, inFlight: 15, sleepMs: 10_000 };

describeWithPostgres("an installation under load", () => {
  describeWithObjectStorage("that is migrated to PostgreSQL and a bucket", () => {
    test("loses and changes nothing, and its executions continue", async () => {
      const printed: string[] = [];
      const { wrong } = await runCampaign({ ...short, print: (line) => void printed.push(line) });
      expect(wrong, printed.join("\n")).toEqual([]);
    });
  });
});
