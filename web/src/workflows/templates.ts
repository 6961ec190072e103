import fanOut from "#examples/fan-out.ts?raw";
import flakyImport from "#examples/flaky-import.ts?raw";
import orderFlow from "#examples/order-flow.ts?raw";
import fanOutInPython from "#examples/python/fan_out.py?raw";
import flakyImportInPython from "#examples/python/flaky_import.py?raw";
import orderFlowInPython from "#examples/python/order_flow.py?raw";
import reminderInPython from "#examples/python/reminder.py?raw";
import reminder from "#examples/reminder.ts?raw";
import type { Draft } from "../drafts/draft.ts";
import type { FirstInput } from "../model/first-input.ts";

/** The languages that workflows can be written in here. TypeScript includes JavaScript. */
export type TemplateLanguage = "typescript" | "python";

/** A template of a new workflow. */
export interface Template {
  /** The default ID of the workflow. */
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly source: Readonly<Record<TemplateLanguage, string>>;
  readonly input: FirstInput;
}

const entries: Readonly<Record<TemplateLanguage, string>> = {
  typescript: "workflow.ts",
  python: "workflow.py",
};

/** The draft that a workflow begins with. */
export function firstDraft(language: TemplateLanguage, template: Template | undefined = templates[0]): Draft {
  const entry = entries[language];
  return { entry, files: { [entry]: template?.source[language] ?? "" } };
}

/** The servers of a template by origin: what each responds, whatever path is appended. */
type Servers = Readonly<Record<string, unknown>>;

/**
 * The input of first runs, which need no server: in a preview, mock responses replace the servers, so that their requests are
 * steps. Executions have `data:` URLs in place of the servers, which respond without a step.
 */
function input(payload: unknown, { entryPoint = "", servers = {} }: InputOptions = {}): FirstInput {
  const text = JSON.stringify(payload, null, 2);
  const execute = Object.entries(servers).reduce(
    (replaced, [origin, body]) => replaced.replaceAll(origin, JSON.stringify(dataUrlOf(body)).slice(1, -1)),
    text,
  );
  const answers = Object.entries(servers).map(([origin, body]) => ({
    url: `${origin}*`,
    response: { headers: [["content-type", "application/json"]] as const, body: JSON.stringify(body) },
  }));
  return { entryPoint, preview: { payload: text, answers }, execute: { payload: execute } };
}

interface InputOptions {
  readonly entryPoint?: string;
  readonly servers?: Servers;
}

function dataUrlOf(body: unknown): string {
  return `data:application/json,${JSON.stringify(body)}#`;
}

const empty = `import type { WorkflowContext } from "duranium";

export async function run(ctx: WorkflowContext, payload: unknown) {
  return payload;
}
`;

const emptyInPython = `from duranium import WorkflowContext


async def run(ctx: WorkflowContext, payload):
    return payload
`;

const approvalInPython = `from duranium import WorkflowContext


async def run(ctx: WorkflowContext, expense: dict) -> dict:
    """Waits up to three days for a decision: send the event "decided" from the execution's page."""
    if expense["amount"] < 50:
        return {"approved": True, "approvedBy": "policy"}
    print("approval requested", expense)
    try:
        return await ctx.wait_for_event("decided", timeout="3d")
    except TimeoutError as error:
        print("no decision in time:", error)
        return {"approved": False, "timedOut": True}
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
  {
    id: "my-workflow",
    title: "Empty",
    about: "Returns its payload.",
    source: { typescript: empty, python: emptyInPython },
    input: input({}),
  },
  {
    id: "order-flow",
    title: "Order flow",
    about: "Checks stock, charges and ships; refunds by entry point.",
    source: { typescript: orderFlow, python: orderFlowInPython },
    input: input(
      { shop: "https://shop.example", orderId: "4711", items: [{ sku: "tea", quantity: 2 }] },
      {
        entryPoint: "order-created",
        servers: { "https://shop.example": { available: 5, id: "p-1", tracking: "t-1" } },
      },
    ),
  },
  {
    id: "approval",
    title: "Approval",
    about: "Waits up to three days for an approval, without using memory.",
    source: { typescript: approval, python: approvalInPython },
    input: input({ amount: 80, by: "ada" }),
  },
  {
    id: "reminder",
    title: "Reminder",
    about: "Reminds a customer every few days until the invoice is paid.",
    source: { typescript: reminder, python: reminderInPython },
    input: input(
      { mailer: "https://mailer.example", customer: "ada", every: "5s", reminders: 2 },
      { servers: { "https://mailer.example": { paid: false } } },
    ),
  },
  {
    id: "fan-out",
    title: "Fan out",
    about: "Fetches many pages concurrently and tolerates failures.",
    source: { typescript: fanOut, python: fanOutInPython },
    input: input(
      { urls: ["https://one.example", "https://another.example"] },
      { servers: { "https://one.example": "one page", "https://another.example": "another page" } },
    ),
  },
  {
    id: "flaky-import",
    title: "Flaky import",
    about: "Copies records from an unreliable service, with retries.",
    source: { typescript: flakyImport, python: flakyImportInPython },
    input: input(
      { source: "https://source.example", target: "https://target.example" },
      {
        servers: { "https://source.example": [{ id: 1 }, { id: 2 }], "https://target.example": { ok: true } },
      },
    ),
  },
];
