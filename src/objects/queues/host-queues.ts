import type { JsonText } from "../../base/json.ts";
import { hostQueue } from "../../domain/flow/queue-id.ts";
import type { HostQueues } from "../../host/operations/host-pacing.ts";
import { queueObjectName } from "../../journal/object-names.ts";
import type { BookInput, HoldInput } from "../../journal/queue-inputs.ts";
import type { RestateClient, Target } from "../../restate/client/restate-client.ts";

/** The queues of hosts over Restate's ingress. If a queue cannot be reached, the request starts without it. */
export function createHostQueues(
  restate: Pick<RestateClient, "call" | "send">,
  onFailure: (error: unknown) => void,
): HostQueues {
  return {
    async book(host, by) {
      const input: BookInput = { key: "", by };
      try {
        const booked = await restate.call(targetOf(host, "book"), input);
        return (booked as { readonly at: number } | null)?.at;
      } catch (error) {
        onFailure(error);
        return 0;
      }
    },
    async hold(host, until) {
      const input: HoldInput = { until };
      try {
        await restate.send(targetOf(host, "hold"), JSON.stringify(input) as JsonText);
      } catch (error) {
        onFailure(error);
      }
    },
  };
}

function targetOf(host: string, handler: string): Target {
  return { object: queueObjectName, key: hostQueue(host), handler };
}
