import { execFileSync } from "node:child_process";
import { mkdtempDisposable, readdir, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { openTurnNotes, takeTurnNotes, turnNotesPath } from "./turn-notes.ts";

const folder = () => mkdtempDisposable(join(tmpdir(), "duranium-turns-"));

it("what was under way in a process that is no more is told once", async () => {
  await using turns = await folder();
  const script = `
    import { openTurnNotes, turnNotesPath } from ${JSON.stringify(new URL("./turn-notes.ts", import.meta.url).href)};
    const open = () => openTurnNotes(turnNotesPath(${JSON.stringify(turns.path)}));
    const [killed, between, neverUsed] = [open(), open(), open()];
    for (const turn of [0, 12]) { killed.begin({ owner: "inv_killed", turn }); between.begin({ owner: "inv_ended", turn }); between.end(); }
    process.kill(process.pid, "SIGKILL");`;
  expect(() => execFileSync(process.execPath, ["--input-type=module", "--eval", script])).toThrow(
    /SIGKILL|failed/,
  );
  expect(await readdir(turns.path)).toHaveLength(3);
  expect(takeTurnNotes(turns.path)).toEqual([{ owner: "inv_killed", turn: 12 }]);
  expect(await readdir(turns.path)).toEqual([]);
  expect(takeTurnNotes(turns.path)).toEqual([]);
});

it("what is under way in a process that lives, or on another machine, is left alone", async () => {
  await using turns = await folder();
  const parent = join(turns.path, basename(turnNotesPath(turns.path)).replace(/^\d+/, String(process.ppid)));
  openTurnNotes(parent).begin({ owner: "inv_living", turn: 1 });
  await writeFile(join(turns.path, `1.x.not-${hostname()}`), "inv_elsewhere 1");
  expect(takeTurnNotes(turns.path)).toEqual([]);
  expect(await readdir(turns.path)).toHaveLength(2);
});

it("notes with the number of this process are of an older one, as in a container that was started again", async () => {
  await using turns = await folder();
  openTurnNotes(turnNotesPath(turns.path)).begin({ owner: "inv_older", turn: 3 });
  expect(takeTurnNotes(turns.path)).toEqual([{ owner: "inv_older", turn: 3 }]);
});
