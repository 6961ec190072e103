import { execFileSync } from "node:child_process";
import { mkdtempDisposable, readFile, readdir, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { openTurnMarkers, openWorkMarkers, takeTurnMarkers, turnMarkersPath } from "./turn-markers.ts";

const folder = () => mkdtempDisposable(join(tmpdir(), "duranium-turns-"));

test("the work of an exited process is returned once", async () => {
  await using turns = await folder();
  const script = `
    import { openTurnMarkers, turnMarkersPath } from ${JSON.stringify(new URL("./turn-markers.ts", import.meta.url).href)};
    const open = () => openTurnMarkers(turnMarkersPath(${JSON.stringify(turns.path)}));
    const [killed, between, neverUsed] = [open(), open(), open()];
    for (const turn of [0, 12]) { killed.begin({ owner: "inv_killed", turn }); between.begin({ owner: "inv_ended", turn }); between.end(); }
    process.kill(process.pid, "SIGKILL");`;
  expect(() => execFileSync(process.execPath, ["--input-type=module", "--eval", script])).toThrow(
    /SIGKILL|failed/,
  );
  expect(await readdir(turns.path)).toHaveLength(3);
  expect(takeTurnMarkers(turns.path)).toEqual([[{ owner: "inv_killed", turn: 12 }]]);
  expect(await readdir(turns.path)).toEqual([]);
  expect(takeTurnMarkers(turns.path)).toEqual([]);
});

test("markers of a living process and of another machine are left alone", async () => {
  await using turns = await folder();
  const parent = join(
    turns.path,
    basename(turnMarkersPath(turns.path)).replace(/^\d+/, String(process.ppid)),
  );
  openTurnMarkers(parent).begin({ owner: "inv_living", turn: 1 });
  await writeFile(join(turns.path, `1.x.not-${hostname()}`), "inv_elsewhere 1");
  expect(takeTurnMarkers(turns.path)).toEqual([]);
  expect(await readdir(turns.path)).toHaveLength(2);
});

test("markers with this process's PID belong to an earlier process", async () => {
  await using turns = await folder();
  openTurnMarkers(turnMarkersPath(turns.path)).begin({ owner: "inv_older", turn: 3 });
  expect(takeTurnMarkers(turns.path)).toEqual([[{ owner: "inv_older", turn: 3 }]]);
});

test("all work in flight is returned after a crash, and ended work is not", async () => {
  await using turns = await folder();
  const script = `
    import { openWorkMarkers, turnMarkersPath } from ${JSON.stringify(new URL("./turn-markers.ts", import.meta.url).href)};
    const notes = openWorkMarkers(turnMarkersPath(${JSON.stringify(turns.path)}));
    notes.begin("inv_first", -1);
    notes.begin("inv_ended", -1)[Symbol.dispose]();
    setTimeout(() => {
      notes.begin("inv_second", -1);
      // Its result is still being handled.
      notes.begin("inv_third", -1)[Symbol.dispose]();
      process.kill(process.pid, "SIGKILL");
    }, 5);`;
  expect(() => execFileSync(process.execPath, ["--input-type=module", "--eval", script])).toThrow(
    /SIGKILL|failed/,
  );
  expect(
    takeTurnMarkers(turns.path)
      .flat()
      .map(({ owner }) => owner),
  ).toEqual(["inv_first", "inv_second", "inv_third"]);
});

test("the markers of a thread are empty once its work has ended", async () => {
  await using turns = await folder();
  const path = turnMarkersPath(turns.path);
  const notes = openWorkMarkers(path);
  for (const owner of Array.from({ length: 100 }, (_, index) => `inv_${index}`)) {
    notes.begin(owner, -1)[Symbol.dispose]();
  }
  await new Promise((resolve) => setImmediate(resolve));
  expect((await readFile(path, "utf8")).trim()).toBe("");
});
