import type { SlotRequest } from "../../domain/flow/slot.ts";
import { laneName } from "../../flow/lanes.ts";
import type { Ticket } from "../../flow/queue-records.ts";

/**
 * The records that a request certainly or very likely reads. A storage with a round trip for each read reads them at once,
 * before the request is processed. Other records are read when they are needed.
 */
export type ReadAhead = readonly string[];

export const anyRequest: ReadAhead = ["core"];

export function acquiringReads(ticket: Ticket, request: SlotRequest): ReadAhead {
  const { concurrency, rate } = request.keys;
  return [
    ...releasingReads(ticket),
    `k/${concurrency ?? ""}`,
    // Only a queue that was drained has later epochs.
    `l/${laneName(request, 0)}`,
    ...(rate === undefined ? [] : [`t/${rate}`]),
  ];
}

export function releasingReads(ticket: Ticket): ReadAhead {
  return [...anyRequest, `w/${ticket}`, `h/${ticket}`];
}
