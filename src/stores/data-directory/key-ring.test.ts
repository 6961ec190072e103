import { mkdtempDisposable, readFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createKeyRing, ensureKeyFile, generateKey, parseKeys, replaceKeyFile } from "./key-ring.ts";

describe("a key ring", () => {
  test("decrypts what it encrypted, and equal texts have different ciphertexts", () => {
    const ring = createKeyRing(parseKeys(generateKey()));
    const boxes = [ring.seal("s3cret äöü", "order-sync/KEY"), ring.seal("s3cret äöü", "order-sync/KEY")];
    expect(boxes.map((box) => ring.open(box, "order-sync/KEY"))).toEqual(["s3cret äöü", "s3cret äöü"]);
    expect(boxes[0]?.bytes).not.toEqual(boxes[1]?.bytes);
  });

  test("rejects ciphertexts that were moved, changed, or encrypted with another key", () => {
    const ring = createKeyRing(parseKeys(generateKey()));
    const box = ring.seal("s3cret", "order-sync/KEY");
    expect(() => ring.open(box, "salaries/KEY")).toThrow();
    for (const [index, byte] of box.bytes.entries()) {
      const bytes = box.bytes.with(index, byte ^ 1);
      expect(() => ring.open({ ...box, bytes }, "order-sync/KEY")).toThrow();
    }
    const other = createKeyRing(parseKeys(generateKey()));
    expect(() => other.open(box, "order-sync/KEY")).toThrow(`the master key ${box.keyId} is missing`);
  });

  test("decrypts with an older key and reports that it is older", () => {
    const [old, next] = [generateKey(), generateKey()];
    const box = createKeyRing(parseKeys(old)).seal("s3cret", "x");
    const ring = createKeyRing(parseKeys(`${next},${old}`));
    expect(ring.open(box, "x")).toBe("s3cret");
    expect(ring.isStale(box)).toBe(true);
    expect(ring.isStale(ring.seal("s3cret", "x"))).toBe(false);
  });

  test("reloads keys that another process replaced", () => {
    const [old, next] = [generateKey(), generateKey()];
    const box = createKeyRing(parseKeys(next)).seal("s3cret", "x");
    expect(createKeyRing(parseKeys(old), () => parseKeys(next)).open(box, "x")).toBe("s3cret");
  });
});

describe("a file of keys", () => {
  test("is created once, readable by its owner only, and can be replaced", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "duranium-keys-"));
    const path = join(folder.path, "master.key");
    const made = ensureKeyFile(path);
    expect(ensureKeyFile(path)).toBe(made);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const next = generateKey();
    replaceKeyFile(path, [next, made.trim()]);
    expect(parseKeys(await readFile(path, "utf8"))).toHaveLength(2);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test.each(["", " , ", "c2hvcnQ=", "zz"])("rejects %j", (text) => {
    expect(() => parseKeys(text)).toThrow();
  });
});
