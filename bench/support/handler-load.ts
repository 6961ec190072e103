import type { Contender } from "../turns.ts";
import type { Lab } from "./lab.ts";
import { loadFor } from "./load.ts";
import type { Load, Window } from "./load.ts";
import { readProcessorTimes } from "./processor-time.ts";

/** What is called, and the process whose processor time is read. */
export interface Handler {
  readonly name: string;
  readonly pid: number | undefined;
  readonly load: Load;
}

/** Calls a handler for a while: its rate, its latency, and the processor time of one call. */
export function handlerContender({ instance }: Lab, { name, pid, load }: Handler, window: Window): Contender {
  const read = async () => ({
    handler: (await readProcessorTimes(pid))?.own,
    restate: (await readProcessorTimes(instance.pid))?.descendants,
  });
  return {
    name,
    async round() {
      const before = await read();
      const { requests, ...figures } = await loadFor(load, window);
      const after = await read();
      if (after.handler === undefined || after.restate === undefined) return figures;
      return {
        ...figures,
        cpu: (after.handler - (before.handler ?? 0)) / requests,
        restate: (after.restate - (before.restate ?? 0)) / requests,
      };
    },
  };
}
