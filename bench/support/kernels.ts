/** Computations in both languages. Both return the same number. */
export interface Kernel {
  readonly what: string;
  readonly javascript: string;
  readonly python: string;
}

/** Each defines `compute`. */
export const kernels: readonly Kernel[] = [
  {
    what: "fib(22)",
    javascript: `const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2));
const compute = () => fib(22);`,
    python: `
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

def compute():
    return fib(22)
`,
  },
  {
    what: "a loop of 300,000 additions",
    javascript: `const compute = () => {
  let sum = 0;
  for (let n = 0; n < 300_000; n++) sum = (sum + n * 3) % 1_000_003;
  return sum;
};`,
    python: `
def compute():
    sum = 0
    for n in range(300_000):
        sum = (sum + n * 3) % 1_000_003
    return sum
`,
  },
  {
    what: "JSON of 200 KB, parsed and serialized",
    javascript: `const items = Array.from({ length: 3_000 }, (_, id) => ({ id, name: "item " + id, tags: ["a", "b"], stock: { here: id, there: null } }));
const text = JSON.stringify(items);
const compute = () => JSON.stringify(JSON.parse(text)).length;`,
    python: `
import json
items = [{"id": id, "name": f"item {id}", "tags": ["a", "b"], "stock": {"here": id, "there": None}} for id in range(3_000)]
text = json.dumps(items, separators=(",", ":"))

def compute():
    return len(json.dumps(json.loads(text), separators=(",", ":")))
`,
  },
  {
    what: "a dictionary of 50,000 texts",
    javascript: `const compute = () => {
  const counts = new Map();
  for (let n = 0; n < 50_000; n++) {
    const key = "key " + (n % 5_000);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts.values()].reduce((a, b) => a + b);
};`,
    python: `
def compute():
    counts = {}
    for n in range(50_000):
        key = f"key {n % 5_000}"
        counts[key] = counts.get(key, 0) + 1
    return sum(counts.values())
`,
  },
  {
    what: "50,000 numbers sorted",
    javascript: `const numbers = Array.from({ length: 50_000 }, (_, n) => (n * 7_919) % 100_003);
const compute = () => numbers.toSorted((a, b) => a - b)[25_000];`,
    python: `
numbers = [n * 7_919 % 100_003 for n in range(50_000)]

def compute():
    return sorted(numbers)[25_000]
`,
  },
  {
    what: "a pattern over 100 KB",
    javascript: String.raw`const text = Array.from({ length: 10_000 }, (_, n) => (n % 10 === 0 ? "n" + n + "@host" + n + ".com" : "word" + n)).join(" ");
const compute = () => [...text.matchAll(/([\w.]+)@(\w+)\.com/g)].reduce((sum, [, name]) => sum + name.length, 0);`,
    python: String.raw`
import re
text = " ".join(f"n{n}@host{n}.com" if n % 10 == 0 else f"word{n}" for n in range(10_000))
pattern = re.compile(r"([\w.]+)@(\w+)\.com")

def compute():
    return sum(len(found[1]) for found in pattern.finditer(text))
`,
  },
];
