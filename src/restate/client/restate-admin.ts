import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type { RestateAdminService } from "../../api/contract/services.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { connectTo } from "./restate-address.ts";
import type { RestateAddress } from "./restate-address.ts";

/** A proxy to Restate's admin API. Requests and response bodies pass unchanged, so a compressed body stays compressed. */
export function createRestateAdmin(address: RestateAddress): RestateAdminService & AsyncDisposable {
  const dispatcher = connectTo(address);
  const { origin, pathname } = new URL(address.url);
  const basePath = pathname.replace(/\/$/, "");
  return {
    async request({ method, target, headers, body, signal }) {
      const path = `${basePath}${target}`;
      try {
        const answer = await dispatcher.request({
          origin,
          path,
          method,
          headers,
          signal,
          ...(body && { body }),
        });
        return {
          status: answer.statusCode,
          headers: singleValues(answer.headers),
          body: Readable.toWeb(answer.body) as ReadableStream<Uint8Array>,
        };
      } catch (cause) {
        const problem = signal.aborted ? "did not respond in time" : "is not reachable";
        throw new DuraniumError("restate-unavailable", `Restate's admin API ${problem}`, { cause });
      }
    },
    [Symbol.asyncDispose]: async () => await dispatcher.destroy(),
  };
}

function singleValues(headers: Readonly<Record<string, string | string[] | undefined>>) {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
}
