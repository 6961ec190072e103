import { describe, expect, test } from "vitest";
import { digestOf } from "../../base/sha256.ts";
import { createThreadEngines } from "./thread-engines.ts";

const engineOf = (name: string, bytes = 40) => ({ digest: digestOf(name), memory: new Uint8Array(bytes) });
const [a, b, c] = ["a", "b", "c"].map((name) => engineOf(name)) as [Engine, Engine, Engine];
type Engine = ReturnType<typeof engineOf>;
const none = () => false;

describe("the engines of a thread", () => {
  test("the least recently used ones are forgotten when they take too much", () => {
    const engines = createThreadEngines(100);
    expect(engines.use(a, none)).toEqual({ isNew: true, forgotten: [] });
    expect(engines.use(b, none)).toEqual({ isNew: true, forgotten: [] });
    expect(engines.use(a, none)).toEqual({ isNew: false, forgotten: [] });
    expect(engines.use(c, none)).toEqual({ isNew: true, forgotten: [b.digest] });
    expect(engines.use(b, none)).toEqual({ isNew: true, forgotten: [a.digest] });
  });

  test("an engine that a guest uses is kept, and so is one that is larger than the limit", () => {
    const engines = createThreadEngines(100);
    engines.use(a, none);
    engines.use(b, none);
    expect(engines.use(c, (digest) => digest === a.digest).forgotten).toEqual([b.digest]);
    expect(engines.use(engineOf("large", 500), none).forgotten).toEqual([a.digest, c.digest]);
    expect(engines.use(engineOf("large", 500), none).isNew).toBe(false);
  });
});
