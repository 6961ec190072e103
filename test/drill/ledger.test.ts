import { expect, test } from "vitest";
import type { ApiAnswer } from "../support/instance.ts";
import { createLedger, settle } from "./ledger.ts";

interface Installed {
  readonly versions: readonly object[];
  readonly entries?: readonly object[];
}

function answer(status: number, body: object, headers: Record<string, string> = {}): ApiAnswer {
  return { status, body, headers: new Headers(headers) };
}

/** An API that answers each deploy with the next version, and lists the given versions and entries. */
function apiWith({ versions, entries = [] }: Installed) {
  let deployed = 0;
  return {
    async request(method: string, path: string): Promise<ApiAnswer> {
      if (path.startsWith("/audit-log")) return answer(200, { items: entries });
      if (method === "GET") return answer(200, { items: versions });
      deployed += 1;
      return answer(201, { version: deployed }, { location: `/workflows/a/versions/${deployed}` });
    },
  };
}

const first = { version: 1, note: "deploy 0", current: true };
const entry = { action: "deployWorkflow", subject: "/workflows/a/versions/1" };

async function findingsAfterOneDeploy(installed: Installed) {
  const api = apiWith(installed);
  const ledger = createLedger(api);
  await ledger.deploy("a", { source: "" });
  return await settle(ledger, api);
}

test("what was acknowledged and is there is neither lost nor wrong", async () => {
  expect(await findingsAfterOneDeploy({ versions: [first], entries: [entry] })).toEqual({
    acknowledgedDeploys: 1,
    lostDeploys: [],
    acknowledgedChanges: 1,
    lostAuditLines: [],
    wrong: [],
  });
});

test("an acknowledged deploy without its version is lost", async () => {
  const { lostDeploys } = await findingsAfterOneDeploy({ versions: [], entries: [entry] });
  expect(lostDeploys).toEqual(["deploy 0 made version 1 of a, which is not there"]);
});

test("an acknowledged change without an entry in the audit log is lost", async () => {
  const { lostAuditLines } = await findingsAfterOneDeploy({ versions: [first] });
  expect(lostAuditLines).toEqual(["1 of deployWorkflow /workflows/a/versions/1"]);
});

test("a deploy that made two versions, a version without a deploy and a gap are wrong", async () => {
  const versions = [{ version: 4, note: "other" }, { version: 3, note: "deploy 0" }, first];
  const { wrong } = await findingsAfterOneDeploy({ versions, entries: [entry] });
  expect(wrong).toEqual([
    "a: no deploy made version 4",
    "a: deploy 0 made 2 versions",
    "a: its versions are 1, 3, 4",
  ]);
});

test("a current version that is older than an acknowledged one is wrong", async () => {
  const api = apiWith({ versions: [{ ...first }, { version: 2, note: "deploy 1" }], entries: [entry] });
  const ledger = createLedger(api);
  await ledger.deploy("a", {});
  await ledger.deploy("a", {});
  expect((await settle(ledger, api)).wrong).toEqual(["a: version 1 is current, and 2 was deployed"]);
});
