import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";

const fileAt = async (path: string) => await readFile(new URL(`../deploy/${path}`, import.meta.url), "utf8");

describe("the units of systemd", () => {
  const names = ["duranium", "duranium-api", "duranium-executor"];

  test("confine their processes in the same way, to the state directory and without privileges", async () => {
    const [first = [], ...others] = await Promise.all(names.map(hardeningOf));
    expect(first).toEqual(
      expect.arrayContaining(["User=duranium", "NoNewPrivileges=true", "ProtectSystem=strict", "UMask=0077"]),
    );
    for (const other of others) expect(other).toEqual(first);
  });

  test("run a role each, and give fetches in flight the time to end", async () => {
    const roles = await Promise.all(
      names.map(async (name) => /(?<=DURANIUM_ROLE=)\w+/.exec(await unit(name))?.[0]),
    );
    expect(roles).toEqual([undefined, "api", "executor"]);
    for (const name of names) expect(await unit(name)).toMatch(/^TimeoutStopSec=60$/m);
    expect(await unit("duranium-executor")).toMatch(/^ExecStart=.+ src\/confined\.ts$/m);
  });
});

async function unit(name: string): Promise<string> {
  return await fileAt(`systemd/${name}.service`);
}

/** The directives that restrict a unit. */
async function hardeningOf(name: string): Promise<readonly string[]> {
  return (
    (await unit(name)).match(/^(?:User|UMask|\w*Directory\w*|NoNew|Protect|Private|Restrict)\w*=.*$/gm) ?? []
  );
}
