import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type { RestateAdminService } from "../../api/contract/services.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { RestateAddress } from "./restate-address.ts";
import { adminApi, createRestateNodes } from "./restate-nodes.ts";

/**
 * A proxy to Restate's admin API, at one of its nodes. Requests and response bodies pass unchanged, so a compressed body stays
 * compressed.
 */
export function createRestateAdmin(
  addresses: readonly RestateAddress[],
): RestateAdminService & AsyncDisposable {
  const nodes = createRestateNodes(addresses, adminApi);
  return {
    async request({ method, target, headers, body, signal: given }) {
      const isRepeatable = method === "GET" || target === "/query";
      try {
        return await nodes.request(
          async ({ url, dispatcher, signal }) => {
            const { origin, pathname } = new URL(url);
            const path = `${pathname.replace(/\/$/, "")}${target}`;
            const options = { origin, path, method, headers, signal: signal ?? null, ...(body && { body }) };
            const answer = await dispatcher.request(options);
            return {
              status: answer.statusCode,
              headers: singleValues(answer.headers),
              body: Readable.toWeb(answer.body) as ReadableStream<Uint8Array>,
            };
          },
          { isRepeatable, signal: given },
        );
      } catch (cause) {
        const problem = given.aborted ? "did not respond in time" : "is not reachable";
        throw new DuraniumError("restate-unavailable", `Restate's admin API ${problem}`, { cause });
      }
    },
    [Symbol.asyncDispose]: async () => await nodes[Symbol.asyncDispose](),
  };
}

function singleValues(headers: Readonly<Record<string, string | string[] | undefined>>) {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
}
