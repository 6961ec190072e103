import type { Guest, GuestCall, Turn } from "../../host/guest.ts";

/**
 * A guest whose calls say where the workflow made them.
 *
 * A guest with `callSites` in its context appends a line break and the frames of the call to the arguments, which are JSON on one
 * line. The frames are removed here, so that the driver admits the same arguments as in an execution. An older engine appends
 * nothing, and its calls have no frames.
 */
export interface TracedGuest extends Guest {
  /** The frames of the call that is admitted next, in lines of the bundle: in the order of the calls. Empty if unknown. */
  nextStack(): string;
}

export function withCallSites(guest: Guest): TracedGuest {
  const stacks: string[] = [];
  let next = 0;

  async function traced(running: Promise<Turn>): Promise<Turn> {
    const turn = await running;
    return { ...turn, calls: turn.calls.map(withoutStack) };
  }

  function withoutStack(call: GuestCall): GuestCall {
    const end = call.arguments.indexOf(lineBreak);
    stacks.push(end < 0 ? "" : new TextDecoder().decode(call.arguments.subarray(end + 1)));
    return end < 0 ? call : { ...call, arguments: call.arguments.subarray(0, end) };
  }

  return {
    get fuelUsed() {
      return guest.fuelUsed;
    },
    nextStack: () => stacks[next++] ?? "",
    run: (context, payload) => traced(guest.run({ ...context, callSites: true }, payload)),
    settle: (settlement) => traced(guest.settle(settlement)),
    cancel: (now) => traced(guest.cancel(now)),
    [Symbol.dispose]: () => guest[Symbol.dispose](),
  };
}

const lineBreak = 0x0a;
