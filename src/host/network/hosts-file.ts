import { readFileSync, statSync } from "node:fs";
import { isIP } from "node:net";

/** The names in the machine's hosts file. */
export interface HostsFile {
  /** Addresses by name, in lower case, in the order of the file. */
  read(): ReadonlyMap<string, readonly string[]>;
}

/** Reads the file again once it has changed. A missing file has no names. */
export function openHostsFile(path: string): HostsFile {
  return { read: readWhenChanged(path, parseHosts) };
}

/** How relative names are completed: `search` and `ndots` of resolv.conf(5). */
export interface SearchList {
  readonly domains: readonly string[];
  /** A name with at least this number of dots is first tried unchanged. */
  readonly ndots: number;
}

export function openSearchList(path: string): { read(): SearchList } {
  return { read: readWhenChanged(path, parseSearchList) };
}

function readWhenChanged<T>(path: string, parse: (text: string) => T): () => T {
  let state = "";
  let parsed = parse("");
  return () => {
    const { mtimeMs = 0, size = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
    if (state !== `${mtimeMs} ${size}`) {
      state = `${mtimeMs} ${size}`;
      parsed = parse(size === 0 ? "" : readFileSync(path, "utf8"));
    }
    return parsed;
  };
}

function parseHosts(text: string): ReadonlyMap<string, readonly string[]> {
  const hosts = new Map<string, string[]>();
  for (const [address = "", ...names] of fieldsOf(text)) {
    if (isIP(address) === 0) continue;
    for (const name of names) {
      const addresses = hosts.get(name.toLowerCase()) ?? [];
      hosts.set(name.toLowerCase(), [...addresses, address]);
    }
  }
  return hosts;
}

function parseSearchList(text: string): SearchList {
  let [domains, ndots]: [readonly string[], number] = [[], 1];
  for (const [keyword, ...values] of fieldsOf(text)) {
    if (keyword === "search" || keyword === "domain") domains = values;
    const found = keyword === "options" ? /(?:^| )ndots:(\d+)/.exec(values.join(" "))?.[1] : undefined;
    if (found !== undefined) ndots = Number(found);
  }
  return { domains: domains.filter((domain) => domain !== "."), ndots };
}

/** Splits lines into words, without comments. */
function fieldsOf(text: string): readonly (readonly string[])[] {
  const lines = text.split("\n").map((line) => line.replace(/[#;].*/, "").trim());
  return lines.filter((line) => line !== "").map((line) => line.split(/\s+/));
}
