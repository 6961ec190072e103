/** How the parts of a program are written in a language. Their calls look the same in all of them. */
export interface Notation {
  /** The name of a function of the runtime that is deployed beside the program. */
  readonly name: (camelCase: string) => string;
  readonly literal: (value: string | number | boolean | undefined) => string;
  /** A function that returns the value of an expression. */
  readonly lambda: (parameters: readonly string[], body: string) => string;
  /** The module that begins with the functions of a program, by their entry points. */
  readonly module: (programs: readonly (readonly [entryPoint: string, program: string])[]) => string;
}

export const typescript: Notation = {
  name: (camelCase) => camelCase,
  literal: (value) => (value === undefined ? "undefined" : JSON.stringify(value)),
  lambda: (parameters, body) =>
    `(${parameters.map((each) => `${each}: ${types[each]}`).join(", ")}) => ${body}`,
  module: (programs) => `import type { WorkflowContext } from "duranium";
import type { Actions, ProgramPayload } from "./actions.ts";
import { all, any, caught, inTurn, race, repeat, settled } from "./combinations.ts";
import { perform } from "./perform.ts";

const programs = {
  ${programs.map(([entryPoint, program]) => `"${entryPoint}": ${program}`).join(",\n  ")},
};

export async function run(ctx: WorkflowContext, payload: ProgramPayload) {
  return await perform(ctx, payload, programs);
}
`,
};

const types: Readonly<Record<string, string>> = { does: "Actions", at: "string" };

export const python: Notation = {
  name: (camelCase) => camelCase.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  literal: (value) => pythonConstants.get(value) ?? JSON.stringify(value),
  lambda: (parameters, body) => `(lambda ${parameters.join(", ")}: ${body})`,
  module: (programs) => `from combinations import all, any, caught, in_turn, race, repeat, settled
from perform import perform

programs = {
    ${programs.map(([entryPoint, program]) => `"${entryPoint}": ${program}`).join(",\n    ")},
}


async def run(ctx, payload):
    return await perform(ctx, payload, programs)
`,
};

const pythonConstants = new Map<unknown, string>([
  [undefined, "None"],
  [true, "True"],
  [false, "False"],
]);
