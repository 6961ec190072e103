import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The examples of guests in other languages, built where Debian's toolchains are installed. */
export type GuestName = "c" | "rust";

const run = promisify(execFile);
const examples = fileURLToPath(new URL("../../examples/guests", import.meta.url));

/** `undefined` where the toolchain is not installed: its tests are skipped, with one notice for each. */
export async function buildGuest(name: GuestName): Promise<Uint8Array | undefined> {
  const settings = await toolchains[name]();
  if (settings === undefined) {
    process.stderr.write(`Tests of the guest in ${name} are skipped: ${missing[name]}\n`);
    return undefined;
  }
  const folder = await mkdtemp(join(tmpdir(), "duranium-guest-"));
  try {
    await cp(join(examples, name), folder, { recursive: true });
    await run("make", ["--always-make", "-C", folder, ...settings]);
    return await readFile(join(folder, "flow.wasm"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const missing: Readonly<Record<GuestName, string>> = {
  c: "clang-19 and lld-19 are not installed",
  rust: "rustc, libstd-rust-dev-wasm32 and lld-14 of Debian are not installed",
};

/** Variables of the Makefile; `undefined` if something is not installed. */
const toolchains: Readonly<Record<GuestName, () => Promise<readonly string[] | undefined>>> = {
  c: async () =>
    (await isThere("/usr/bin/clang-19")) && (await isThere("/usr/bin/wasm-ld-19")) ? [] : undefined,
  rust: async () => {
    const parts = ["/usr/bin/rustc", "/usr/bin/wasm-ld-14", "/usr/lib/rustlib/wasm32-wasi"];
    const found = await Promise.all(parts.map(isThere));
    return found.every(Boolean) ? ["RUSTC=/usr/bin/rustc"] : undefined;
  },
};

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
