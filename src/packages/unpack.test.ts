import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { DuraniumError } from "../domain/errors.ts";
import { filesOf } from "../sandbox/compile/resolution/package-archives.ts";
import { packed, tar, tarball } from "./testing/tarball.ts";
import type { TarEntry } from "./testing/tarball.ts";
import { packageOf, unpack } from "./unpack.ts";

const manifest: TarEntry = { path: "package/package.json", text: '{"name":"p","version":"1.0.0"}' };

test("what npm pack makes is unpacked: code, types and data, without maps, pages and pictures", async () => {
  const needs = { dependencies: { a: "^1.0.0" }, peerDependencies: { b: "2", c: "3" } };
  const optional = { peerDependenciesMeta: { c: { optional: true } }, optionalDependencies: { d: "*" } };
  const unpacked = await unpack(
    packed(
      { name: "@scope/p", version: "1.2.3", ...needs, ...optional },
      {
        "index.js": "export default 'ü'",
        "lib/types.d.mts": "export {}",
        "index.js.map": "{}",
        "README.md": "",
      },
    ),
    "p",
  );
  expect(unpacked).toMatchObject({
    name: "@scope/p",
    version: "1.2.3",
    files: 3,
    isNative: false,
    needs: { required: { a: "^1.0.0", b: "2" }, optional: { d: "*" } },
  });
  expect(filesOf(unpacked.archive)).toMatchObject({
    "index.js": "export default 'ü'",
    "lib/types.d.mts": "export {}",
  });
});

test("the same files have the same archive, whatever their order and the name of their folder", async () => {
  const code: TarEntry = { path: "package/index.js", text: "" };
  const one = await unpack(tarball([manifest, code]), "p");
  const renamed = [code, manifest].map((entry) => ({
    ...entry,
    path: entry.path.replace("package/", "p-1/"),
  }));
  expect((await unpack(tarball(renamed), "p")).archive).toEqual(one.archive);
});

/** A header in the way of POSIX that gives the next entry another path. */
function longName(path: string): TarEntry {
  const record = ` path=${path}\n`;
  const length = Buffer.byteLength(record) + 3;
  return { path: "PaxHeader/x", type: "ExtendedHeader", text: `${length}${record}` };
}

const refused: readonly (readonly [string, Uint8Array, RegExp])[] = [
  [
    "leads out of the package",
    tarball([manifest, { path: "package/../../x.js" }]),
    /"package\/..\/..\/x.js".* leads out/,
  ],
  ["is absolute", tarball([manifest, { path: "/etc/x.js" }]), /"\/etc\/x.js".* is absolute/],
  ["is absolute on Windows", tarball([manifest, { path: "C:/x.js" }]), /absolute/],
  ["has backslashes", tarball([manifest, { path: String.raw`package/..\x.js` }]), /backslashes/],
  ["is named __proto__", tarball([manifest, { path: "package/__proto__/x.js" }]), /invalid part/],
  [
    "is a symbolic link",
    tarball([manifest, { path: "package/x.js", type: "SymbolicLink", linkpath: "/etc" }]),
    /symbolic link/,
  ],
  [
    "is a link",
    tarball([manifest, { path: "package/x.js", type: "Link", linkpath: "package/y.js" }]),
    /is a link/,
  ],
  ["is a device", tarball([manifest, { path: "package/x.js", type: "CharacterDevice" }]), /CharacterDevice/],
  [
    "is also a folder",
    tarball([manifest, { path: "package/x.js" }, { path: "package/x.js/y.js" }]),
    /"x.js" is also a folder/,
  ],
  [
    "has a name that is too long",
    tarball([manifest, longName(`package/${"é".repeat(130)}.js`), { path: "package/x.js" }]),
    /no disk/,
  ],
  ["is beside the folder", tarball([manifest, { path: "x.js" }]), /outside of the package's folder/],
];

test.each(refused)("a tarball is refused if a file %s", async (_what, bytes, message) => {
  await expect(unpack(bytes, "p@1.0.0")).rejects.toMatchObject({
    code: "package-refused",
    message: expect.stringMatching(message),
    diagnostics: [{ message: expect.stringContaining('"p@1.0.0"'), file: expect.any(String) }],
  });
});

async function reasonOf(bytes: Uint8Array): Promise<unknown> {
  return await unpack(bytes, "p").then(
    () => "unpacked",
    (error: unknown) => (error instanceof DuraniumError ? error.message : error),
  );
}

test("a tarball that is not valid is refused with the reason", async () => {
  expect(await reasonOf(new TextEncoder().encode("PK"))).toContain("not a .tgz");
  expect(await reasonOf(packed({ name: "p", version: "1.0.0" }).subarray(0, 40))).toContain(
    "cannot be decompressed",
  );
  expect(await reasonOf(new Uint8Array(gzipSync(Buffer.alloc(10_240, 7))))).toContain("damaged");
  expect(await reasonOf(new Uint8Array(gzipSync(gzipSync(tar([manifest])))))).toContain("compressed twice");
  expect(await reasonOf(tarball([{ path: "package/index.js" }]))).toContain(
    "package.json is not valid: it has none",
  );
  const large = JSON.stringify({ name: "p", version: "1.0.0", description: "x".repeat(512 * 1_024) });
  expect(await reasonOf(tarball([{ ...manifest, text: large }]))).toContain(
    "package.json has more than 512 KiB",
  );
  for (const text of ["[]", '{"name":"p","version":""}', '{"name":"p","version":"1.0.0\\n<b>"}'])
    expect(await reasonOf(tarball([{ ...manifest, text }]))).toContain("needs a valid name and version");
  expect(await reasonOf(tarball([{ ...manifest, text: '{"name":"../x","version":"1.0.0"}' }]))).toContain(
    "needs a valid name",
  );
});

test("a tarball that is too large is refused before it is unpacked", async () => {
  const bomb = new Uint8Array(gzipSync(Buffer.alloc(65 * 2 ** 20)));
  expect(bomb.length).toBeLessThan(100_000);
  await expect(unpack(bomb, "bomb")).rejects.toThrow("more than 64 MiB unpacked");
  const entry = tar([{ path: "package/x.js" }]).subarray(0, 512);
  const many = Buffer.concat(Array.from({ length: 20_001 }, () => entry));
  await expect(unpack(new Uint8Array(gzipSync(many)), "many")).rejects.toThrow("more than 20000 entries");
  const files = Object.fromEntries(Array.from({ length: 10_000 }, (_, number) => [`${number}.js`, ""]));
  const manifestText = '{"name":"p","version":"1.0.0"}';
  expect(() => packageOf({ ...files, "package.json": manifestText }, "many")).toThrow(
    "it has 10001 files and the limit is 8000",
  );
});
