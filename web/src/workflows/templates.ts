import fanOut from "#examples/fan-out.ts?raw";
import flakyImport from "#examples/flaky-import.ts?raw";
import orderFlow from "#examples/order-flow.ts?raw";
import reminder from "#examples/reminder.ts?raw";
import type { RunInput } from "../model/run-input.ts";

/** A template of a new workflow. */
export interface Template {
  /** The default ID of the workflow. */
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly source: string;
  /** The input of the first run. */
  readonly input: RunInput;
}

/** A URL that responds with this body, whatever path is appended, so that first runs need no server. */
function serverThatAnswers(body: unknown): string {
  return `data:application/json,${JSON.stringify(body)}#`;
}

function input(payload: unknown, entryPoint = ""): RunInput {
  return { entryPoint, payload: JSON.stringify(payload, null, 2) };
}

const empty = `import type { WorkflowContext } from "duranium";

export async function run(ctx: WorkflowContext, payload: unknown) {
  return payload;
}
`;

const approval = `import type { WorkflowContext } from "duranium";

interface Expense {
  readonly amount: number;
  readonly by: string;
}

interface Decision {
  readonly approved: boolean;
  readonly approvedBy: string;
}

/** Waits up to three days for a decision: send the event "decided" from the execution's page. */
export async function run(ctx: WorkflowContext, { amount, by }: Expense) {
  if (amount < 50) return { approved: true, approvedBy: "policy" };
  console.log("approval requested", { amount, by });
  try {
    return await ctx.waitForEvent<Decision>("decided", { timeout: "3d" });
  } catch (error) {
    console.warn("no decision in time", error);
    return { approved: false, timedOut: true };
  }
}
`;

/** The empty template first, then the examples of the repository. */
export const templates: readonly Template[] = [
  { id: "my-workflow", title: "Empty", about: "Returns its payload.", source: empty, input: input({}) },
  {
    id: "order-flow",
    title: "Order flow",
    about: "Checks stock, charges and ships; refunds by entry point.",
    source: orderFlow,
    input: input(
      {
        shop: serverThatAnswers({ available: 5, id: "p-1", tracking: "t-1" }),
        orderId: "4711",
        items: [{ sku: "tea", quantity: 2 }],
      },
      "order-created",
    ),
  },
  {
    id: "approval",
    title: "Approval",
    about: "Waits up to three days for an approval, without using memory.",
    source: approval,
    input: input({ amount: 80, by: "ada" }),
  },
  {
    id: "reminder",
    title: "Reminder",
    about: "Reminds a customer every few days until the invoice is paid.",
    source: reminder,
    input: input({
      mailer: serverThatAnswers({ paid: false }),
      customer: "ada",
      every: "5s",
      reminders: 2,
    }),
  },
  {
    id: "fan-out",
    title: "Fan out",
    about: "Fetches many pages concurrently and tolerates failures.",
    source: fanOut,
    input: input({ urls: ["data:,one page", "data:,another page"] }),
  },
  {
    id: "flaky-import",
    title: "Flaky import",
    about: "Copies records from an unreliable service, with retries.",
    source: flakyImport,
    input: input({
      source: serverThatAnswers([{ id: 1 }, { id: 2 }]),
      target: serverThatAnswers({ ok: true }),
    }),
  },
];
