import { Resolver } from "node:dns/promises";
import { FairSemaphore } from "../../base/concurrency/fair-semaphore.ts";
import {
  dnsTimeoutMs,
  dnsTries,
  maxCachedNames,
  maxDnsTtlMs,
  maxLookups,
  maxLookupsPerWorkflow,
  minDnsTtlMs,
} from "../limits.ts";
import { openHostsFile, openSearchList } from "./hosts-file.ts";
import type { HostsFile, SearchList } from "./hosts-file.ts";

/**
 * Resolves names with DNS queries of its own. `dns.lookup` would occupy one of libuv's few threads for each name until the name
 * server responds, so a few unresponsive name servers could block file access and compression.
 *
 * Like the system's resolver, it uses the hosts file, `localhost` (RFC 6761) and the search list of resolv.conf. It caches
 * answers for their time to live, merges concurrent queries for a name, times out, and limits the concurrent queries of each
 * workflow.
 */
export interface NameResolverOptions {
  readonly hosts?: HostsFile;
  readonly search?: { read(): SearchList };
  /** The addresses of the name servers. Defaults to those of the system. */
  readonly servers?: readonly string[];
  /** A monotonic clock in milliseconds. */
  readonly elapsed?: () => number;
}

interface Answer {
  readonly addresses: readonly ResolvedAddress[];
  /** In milliseconds. */
  readonly ttlMs: number;
}

export function createNameResolver({
  hosts = openHostsFile("/etc/hosts"),
  search = openSearchList("/etc/resolv.conf"),
  servers,
  elapsed = () => performance.now(),
}: NameResolverOptions = {}): Resolve {
  const kept = new Map<string, Answer & { readonly until: number }>();
  const underWay = new Map<string, Promise<readonly ResolvedAddress[]>>();
  const lookups = new FairSemaphore({ capacity: maxLookups, perKey: maxLookupsPerWorkflow });

  async function ask(name: string, workflowId: string): Promise<readonly ResolvedAddress[]> {
    using _permit = await lookups.take(workflowId);
    const answer = await lookUp(candidatesFor(name, search.read()), servers);
    const ttlMs = Math.min(Math.max(answer.ttlMs, minDnsTtlMs), maxDnsTtlMs);
    kept.set(name, { ...answer, until: elapsed() + ttlMs });
    const [oldest] = kept.keys();
    if (kept.size > maxCachedNames && oldest !== undefined) kept.delete(oldest);
    return answer.addresses;
  }

  function known(name: string): readonly ResolvedAddress[] | undefined {
    const plain = name.replace(/\.$/, "");
    const local = hosts.read().get(plain) ?? (isLocalhost(plain) ? ["127.0.0.1", "::1"] : undefined);
    if (local !== undefined) return local.map(toResolved);
    const answer = kept.get(name);
    if (answer !== undefined && answer.until > elapsed()) return answer.addresses;
    kept.delete(name);
    return undefined;
  }

  return async (hostname, workflowId = "") => {
    const name = hostname.toLowerCase();
    const found = known(name);
    if (found !== undefined) return found;
    const asked = underWay.get(name) ?? ask(name, workflowId).finally(() => underWay.delete(name));
    underWay.set(name, asked);
    return await asked;
  };
}

function isLocalhost(name: string): boolean {
  return name === "localhost" || name.endsWith(".localhost");
}

/** A name that ends with a dot is fully qualified and is not completed. */
function candidatesFor(name: string, { domains, ndots }: SearchList): readonly string[] {
  if (name.endsWith(".")) return [name.slice(0, -1)];
  const completed = domains.map((domain) => `${name}.${domain}`);
  const dots = name.split(".").length - 1;
  return dots >= ndots ? [name, ...completed] : [...completed, name];
}

/** @throws the error of the name as it was written, if no candidate has an address */
async function lookUp(
  candidates: readonly string[],
  servers: readonly string[] | undefined,
): Promise<Answer> {
  let failure: unknown;
  for (const candidate of candidates) {
    try {
      return await addressesOf(candidate, servers);
    } catch (error) {
      failure = error;
      // The name server does not respond, so it would not respond for the other candidates either.
      if (!isWithoutAddress(error)) break;
    }
  }
  throw failure;
}

async function addressesOf(name: string, servers: readonly string[] | undefined): Promise<Answer> {
  const resolver = new Resolver({ timeout: dnsTimeoutMs, tries: dnsTries, maxTimeout: dnsTimeoutMs });
  if (servers !== undefined) resolver.setServers(servers);
  const answers = await Promise.allSettled([
    resolver.resolve4(name, { ttl: true }),
    resolver.resolve6(name, { ttl: true }),
  ]);
  const records = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
  if (records.length > 0) {
    const ttlMs = Math.min(...records.map(({ ttl }) => ttl)) * 1_000;
    return { addresses: records.map(({ address }) => toResolved(address)), ttlMs };
  }
  const failures = answers.flatMap((answer) =>
    answer.status === "rejected" ? [answer.reason as unknown] : [],
  );
  throw failures.find((each) => !isWithoutAddress(each)) ?? failures[0];
}

/** True if the name servers responded without an address. */
function isWithoutAddress(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOTFOUND" || code === "ENODATA";
}

function toResolved(address: string): ResolvedAddress {
  return { address, family: address.includes(":") ? 6 : 4 };
}

export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Resolves all addresses of a name, or rejects like `node:dns`. The query counts against the limit of `workflowId`. */
export type Resolve = (hostname: string, workflowId?: string) => Promise<readonly ResolvedAddress[]>;
