/**
 * Replaces every occurrence of many byte patterns in one pass, with the Aho–Corasick algorithm: the time is linear in the text,
 * for any number of patterns.
 *
 * 1. Only original bytes are matched. A replacement is never searched, so it cannot grow by what it contains.
 * 2. Overlapping occurrences are replaced together: no byte that belongs to one of them is left.
 * 3. The size of the output is checked before the output is made.
 */
export interface Pattern {
  readonly bytes: Uint8Array;
  /** The key of its replacement. */
  readonly name: string;
}

export interface Matcher {
  /** The number of nodes of its trie, which take about 20 bytes each. */
  readonly nodes: number;
  /** Starts to scan a text incrementally. */
  start(text: Uint8Array): Scan;
}

export interface Scan {
  /** Scans up to `bytes` more of the text. @returns whether there is more */
  step(bytes: number): boolean;
  /** The number of occurrences found so far. */
  readonly found: number;
  /** The size of the text with all occurrences found so far replaced. */
  replacedLength(lengthOf: (name: string) => number): number;
  /** Returns the text once it is scanned, or the same array if nothing was found. */
  replaced(replacementOf: (name: string) => Uint8Array): Uint8Array;
}

/** Overlapping occurrences, merged. `name` is the name of the longest one. */
interface Occurrence {
  start: number;
  end: number;
  longest: number;
  name: string;
}

/** @param patterns none of them empty */
export function createMatcher(patterns: readonly Pattern[]): Matcher {
  const trie = buildTrie(patterns);
  return { nodes: trie.size, start: (text) => startScan(text, trie, patterns) };
}

/** Node 0 is the root, and 0 also means "no node". The children of a node are a linked list, because most nodes have one. */
interface Trie {
  readonly size: number;
  readonly roots: Int32Array;
  readonly byte: Uint8Array;
  readonly child: Int32Array;
  readonly sibling: Int32Array;
  /** The node of the longest proper suffix that is a prefix of some pattern. */
  readonly suffix: Int32Array;
  /** One more than the index of the longest pattern that ends here, or 0. */
  readonly ending: Int32Array;
}

function buildTrie(patterns: readonly Pattern[]): Trie {
  const maxSize = patterns.reduce((sum, { bytes }) => sum + bytes.length, 1);
  const trie = {
    size: 1,
    roots: new Int32Array(256),
    byte: new Uint8Array(maxSize),
    child: new Int32Array(maxSize),
    sibling: new Int32Array(maxSize),
    suffix: new Int32Array(maxSize),
    ending: new Int32Array(maxSize),
  };
  for (const [index, { bytes }] of patterns.entries()) {
    let node = 0;
    for (const byte of bytes) node = next(trie, node, byte) || addNode(trie, node, byte);
    trie.ending[node] ||= index + 1;
  }
  linkSuffixes(trie);
  return trie;
}

function next({ roots, byte: bytes, child, sibling }: Trie, node: number, byte: number): number {
  if (node === 0) return roots[byte] as number;
  let found = child[node] as number;
  while (found !== 0 && bytes[found] !== byte) found = sibling[found] as number;
  return found;
}

function addNode(trie: Trie & { size: number }, parent: number, byte: number): number {
  const node = trie.size++;
  trie.byte[node] = byte;
  if (parent === 0) {
    trie.roots[byte] = node;
  } else {
    trie.sibling[node] = trie.child[parent] as number;
    trie.child[parent] = node;
  }
  return node;
}

/** Computes the suffix links breadth first, because each depends on those of shorter prefixes. */
function linkSuffixes(trie: Trie): void {
  const { size, roots, byte, child, sibling, suffix, ending } = trie;
  const queue = new Int32Array(size);
  let queued = 0;
  for (const node of roots) if (node !== 0) queue[queued++] = node;
  for (let at = 0; at < queued; at += 1) {
    const parent = queue[at] as number;
    for (let node = child[parent] as number; node !== 0; node = sibling[node] as number) {
      suffix[node] = advance(trie, suffix[parent] as number, byte[node] as number);
      ending[node] ||= ending[suffix[node] as number] as number;
      queue[queued++] = node;
    }
  }
}

/** Returns the node of the longest suffix of the read bytes that is a prefix of a pattern. */
function advance(trie: Trie, from: number, byte: number): number {
  let node = from;
  for (;;) {
    const found = next(trie, node, byte);
    if (found !== 0 || node === 0) return found;
    node = trie.suffix[node] as number;
  }
}

function startScan(text: Uint8Array, trie: Trie, patterns: readonly Pattern[]): Scan {
  const occurrences: Occurrence[] = [];
  let at = 0;
  let node = 0;
  return {
    step(bytes) {
      const end = Math.min(text.length, at + bytes);
      const { roots, ending } = trie;
      for (; at < end; at += 1) {
        const byte = text[at] as number;
        node = node === 0 ? (roots[byte] as number) : advance(trie, node, byte);
        if (ending[node] === 0) continue;
        const { bytes: found, name } = patterns[(ending[node] as number) - 1] as Pattern;
        addOccurrence(occurrences, {
          start: at + 1 - found.length,
          end: at + 1,
          longest: found.length,
          name,
        });
      }
      return at < text.length;
    },
    get found() {
      return occurrences.length;
    },
    replacedLength: (lengthOf) =>
      occurrences.reduce(
        (length, { start, end, name }) => length - (end - start) + lengthOf(name),
        text.length,
      ),
    replaced: (replacementOf) => replaceAll(text, occurrences, replacementOf),
  };
}

/** Occurrences are found in order of their ends, so a new one may overlap several earlier ones. */
function addOccurrence(occurrences: Occurrence[], found: Occurrence): void {
  for (
    let last = occurrences.at(-1);
    last !== undefined && found.start < last.end;
    last = occurrences.at(-1)
  ) {
    occurrences.pop();
    found.start = Math.min(found.start, last.start);
    if (last.longest < found.longest) continue;
    found.longest = last.longest;
    found.name = last.name;
  }
  occurrences.push(found);
}

function replaceAll(
  text: Uint8Array,
  occurrences: readonly Occurrence[],
  replacementOf: (name: string) => Uint8Array,
): Uint8Array {
  if (occurrences.length === 0) return text;
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const { start, end, name } of occurrences) {
    parts.push(text.subarray(from, start), replacementOf(name));
    from = end;
  }
  parts.push(text.subarray(from));
  const replaced = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    replaced.set(part, at);
    at += part.length;
  }
  return replaced;
}
