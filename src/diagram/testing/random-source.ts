import * as fc from "fast-check";

/**
 * Workflows as source, of the forms that people write. Each call of an operation has a number of its own in its argument, by which
 * a test knows where in the source a step comes from. `payload.pick()` and `payload.items()` decide what is executed.
 */
export type Program = readonly Statement[];

type Statement =
  | { readonly is: "do"; readonly does: Expression }
  | {
      readonly is: "if" | "while" | "doWhile";
      readonly test: Test;
      readonly body: Program;
      readonly other?: Program | undefined;
    }
  | { readonly is: "for" | "forOf" | "endless"; readonly body: Program }
  | {
      readonly is: "try";
      readonly body: Program;
      readonly handler?: Program | undefined;
      readonly finalizer?: Program | undefined;
    }
  | { readonly is: "switch"; readonly cases: readonly { readonly body: Program; readonly falls: boolean }[] }
  | {
      readonly is: "labeled";
      readonly body: Program;
      readonly jump: "break" | "continue";
      readonly after: Program;
    }
  | { readonly is: "maybe"; readonly jump: "return" | "throw" | "break" | "continue" }
  | { readonly is: "later"; readonly does: Expression; readonly between: Program }
  | { readonly is: "reassigned"; readonly bodies: readonly Program[] };

type Test = { readonly is: "plain" } | { readonly is: "step"; readonly does: Expression };

type Expression =
  | { readonly is: "step"; readonly kind: StepForm }
  | { readonly is: "and" | "or" | "ternary"; readonly does: Expression; readonly other: Expression }
  | { readonly is: "all" | "allSettled" | "race" | "any"; readonly branches: readonly Expression[] }
  | { readonly is: "each"; readonly by: EachForm; readonly body: Program }
  | { readonly is: "function"; readonly by: FunctionForm; readonly body: Program }
  | { readonly is: "then" | "catch" | "finally"; readonly does: Expression; readonly callback: Program }
  | { readonly is: "dispatch"; readonly bodies: readonly Program[] }
  | { readonly is: "unawaited"; readonly does: Expression };

const stepForms = [
  "fetch",
  "sleep",
  "call",
  "send",
  "get",
  "set",
  "update",
  "wait",
  "timer",
  "hmac",
] as const;
type StepForm = (typeof stepForms)[number];

const eachForms = [
  "map",
  "mapSettled",
  "mapRace",
  "mapSync",
  "forEach",
  "mapConcurrent",
  "generator",
  "arrayFromAsync",
] as const;
type EachForm = (typeof eachForms)[number];

const functionForms = [
  "declared",
  "arrow",
  "invoked",
  "method",
  "callback",
  "retry",
  "nested",
  "sync",
  "returned",
  "promise",
] as const;
type FunctionForm = (typeof functionForms)[number];

export const anyProgram: fc.Arbitrary<Program> = fc.letrec<{
  program: Program;
  statement: Statement;
  leaf: Statement;
  compound: Statement;
  expression: Expression;
  simple: Expression;
  nested: Expression;
}>((tie) => {
  const body = fc.array(tie("statement"), { minLength: 1, maxLength: 2 });
  const some = fc.option(body, { nil: undefined });
  const test: fc.Arbitrary<Test> = fc.oneof(
    { weight: 3, arbitrary: fc.constant({ is: "plain" as const }) },
    { weight: 1, arbitrary: fc.record({ is: fc.constant("step" as const), does: tie("simple") }) },
  );
  return {
    program: fc.array(tie("statement"), { minLength: 1, maxLength: 3 }),
    statement: fc.oneof({ maxDepth: 3, depthSize: "small" }, tie("leaf"), tie("compound")),
    leaf: fc.oneof(
      { weight: 8, arbitrary: fc.record({ is: fc.constant("do" as const), does: tie("expression") }) },
      {
        weight: 2,
        arbitrary: fc.record({
          is: fc.constant("maybe" as const),
          jump: fc.constantFrom("return" as const, "throw" as const, "break" as const, "continue" as const),
        }),
      },
    ),
    compound: fc.oneof(
      { weight: 3, arbitrary: fc.record({ is: fc.constant("do" as const), does: tie("expression") }) },
      {
        weight: 3,
        arbitrary: fc.record({
          is: fc.constantFrom("if" as const, "while" as const, "doWhile" as const),
          test,
          body,
          other: some,
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          is: fc.constantFrom("for" as const, "forOf" as const, "endless" as const),
          body,
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({ is: fc.constant("try" as const), body, handler: some, finalizer: some }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          is: fc.constant("switch" as const),
          cases: fc.array(fc.record({ body, falls: fc.boolean() }), { minLength: 1, maxLength: 3 }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          is: fc.constant("labeled" as const),
          body,
          jump: fc.constantFrom("break" as const, "continue" as const),
          after: body,
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ is: fc.constant("later" as const), does: tie("nested"), between: body }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          is: fc.constant("reassigned" as const),
          bodies: fc.array(body, { minLength: 2, maxLength: 2 }),
        }),
      },
    ),
    expression: fc.oneof({ maxDepth: 2, depthSize: "small" }, tie("simple"), tie("nested")),
    simple: fc.record({ is: fc.constant("step" as const), kind: fc.constantFrom(...stepForms) }),
    nested: fc.oneof(
      {
        weight: 2,
        arbitrary: fc.record({
          is: fc.constantFrom("and" as const, "or" as const, "ternary" as const),
          does: tie("expression"),
          other: tie("expression"),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          is: fc.constantFrom("all" as const, "allSettled" as const, "race" as const, "any" as const),
          branches: fc.array(tie("expression"), { minLength: 1, maxLength: 3 }),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({ is: fc.constant("each" as const), by: fc.constantFrom(...eachForms), body }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          is: fc.constant("function" as const),
          by: fc.constantFrom(...functionForms),
          body,
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          is: fc.constantFrom("then" as const, "catch" as const, "finally" as const),
          does: tie("expression"),
          callback: body,
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          is: fc.constant("dispatch" as const),
          bodies: fc.array(body, { minLength: 2, maxLength: 3 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ is: fc.constant("unawaited" as const), does: tie("expression") }) },
    ),
  };
}).program;

/** The source of a program, and the place of each numbered call. */
export interface PrintedProgram {
  readonly source: string;
  readonly places: ReadonlyMap<number, { readonly line: number; readonly column: number }>;
}

export function printProgram(program: Program): PrintedProgram {
  const writer: Writer = { steps: 0, names: 0, functions: [] };
  const body = statements(program, writer, { inLoop: false });
  const source = [
    'import { mapConcurrent, retry } from "duranium";',
    "export async function run(ctx, payload) {",
    body,
    "}",
    ...writer.functions,
  ].join("\n");
  const places = new Map<number, { line: number; column: number }>();
  for (const [row, line] of source.split("\n").entries())
    for (const { 1: name = "", 2: number, index } of line.matchAll(
      /\b(fetch|setTimeout|sleep|call|send|get|set|update|waitForEvent|hmacSha256)\("?s(\d+)s/g,
    ))
      places.set(Number(number), { line: row + 1, column: index + 1 + 0 * name.length });
  return { source, places };
}

interface Writer {
  steps: number;
  names: number;
  /** Functions at the top level. */
  readonly functions: string[];
}

interface Around {
  readonly inLoop: boolean;
}

const inFunction: Around = { inLoop: false };
const inLoop: Around = { inLoop: true };

function statements(program: Program, writer: Writer, around: Around): string {
  return program.map((each) => statement(each, writer, around)).join("\n");
}

function statement(given: Statement, writer: Writer, around: Around): string {
  switch (given.is) {
    case "do":
      return given.does.is === "unawaited"
        ? `${promise(given.does.does, writer)};`
        : `await ${promise(given.does, writer)};`;
    case "if": {
      const other = given.other === undefined ? "" : ` else {\n${statements(given.other, writer, around)}\n}`;
      return `if (${test(given.test, writer)}) {\n${statements(given.body, writer, around)}\n}${other}`;
    }
    case "while":
      return `while (${test(given.test, writer)}) {\n${statements(given.body, writer, inLoop)}\n}`;
    case "doWhile":
      return `do {\n${statements(given.body, writer, inLoop)}\n} while (${test(given.test, writer)});`;
    case "for":
      return `for (let i = 0; i < payload.count(); i++) {\n${statements(given.body, writer, inLoop)}\n}`;
    case "forOf":
      return `for (const item of payload.items()) {\n${statements(given.body, writer, inLoop)}\n}`;
    case "endless":
      return `for (;;) {\n${statements(given.body, writer, inLoop)}\nif (payload.pick()) break;\n}`;
    case "try":
      return attempt(given, writer, around);
    case "switch": {
      const cases = given.cases.map(
        ({ body, falls }, index) =>
          `case ${index}:\n${statements(body, writer, around)}${falls ? "" : "\nbreak;"}`,
      );
      return `switch (payload.count()) {\n${cases.join("\n")}\n}`;
    }
    case "labeled": {
      const label = `label${++writer.names}`;
      const inner = `for (const each of payload.items()) {\n${statements(given.body, writer, inLoop)}\nif (payload.pick()) ${given.jump} ${label};\n}`;
      return `${label}: for (const item of payload.items()) {\n${inner}\n${statements(given.after, writer, inLoop)}\n}`;
    }
    case "maybe":
      return maybe(given.jump, around);
    case "later": {
      const name = `later${++writer.names}`;
      return `const ${name} = ${promise(given.does, writer)};\n${statements(given.between, writer, around)}\nawait ${name};`;
    }
    default: {
      const name = `action${++writer.names}`;
      const [first = [], second = []] = given.bodies;
      return [
        `let ${name} = async () => {\n${statements(first, writer, inFunction)}\n};`,
        "for (const item of payload.items()) {",
        `await ${name}();`,
        `if (payload.pick()) ${name} = async () => {\n${statements(second, writer, inFunction)}\n};`,
        "}",
      ].join("\n");
    }
  }
}

function attempt(
  { body, handler, finalizer }: Extract<Statement, { is: "try" }>,
  writer: Writer,
  around: Around,
): string {
  const caught = handler ?? (finalizer === undefined ? [] : undefined);
  const handled = caught === undefined ? "" : ` catch {\n${statements(caught, writer, around)}\n}`;
  const finished = finalizer === undefined ? "" : ` finally {\n${statements(finalizer, writer, around)}\n}`;
  return `try {\n${statements(body, writer, around)}\n}${handled}${finished}`;
}

function maybe(jump: string, { inLoop: isLoop }: Around): string {
  if (jump === "throw") return 'if (payload.pick()) throw new Error("thrown");';
  return jump === "return" || !isLoop ? "if (payload.pick()) return 1;" : `if (payload.pick()) ${jump};`;
}

function test(given: Test, writer: Writer): string {
  return given.is === "plain" ? "payload.pick()" : `(await ${promise(given.does, writer)}) && payload.pick()`;
}

/** An expression of a promise. */
function promise(given: Expression, writer: Writer): string {
  switch (given.is) {
    case "step":
      return step(given.kind, writer);
    case "and":
      return `((await ${promise(given.does, writer)}) && ${promise(given.other, writer)})`;
    case "or":
      return `(payload.pick() || ${promise(given.does, writer)})`;
    case "ternary":
      return `(payload.pick() ? ${promise(given.does, writer)} : ${promise(given.other, writer)})`;
    case "all":
    case "allSettled":
    case "race":
    case "any":
      return `Promise.${given.is}([${given.branches.map((each) => promise(each, writer)).join(", ")}])`;
    case "each":
      return eachOf(given, writer);
    case "function":
      return called(given, writer);
    case "then":
    case "catch":
    case "finally":
      return `Promise.resolve(${promise(given.does, writer)}).${given.is}(async () => {\n${statements(given.callback, writer, inFunction)}\n})`;
    case "dispatch": {
      const members = given.bodies.map(
        (body, index) => `a${index}: async () => {\n${statements(body, writer, inFunction)}\n}`,
      );
      return `({ ${members.join(", ")} })["a" + payload.count()]?.()`;
    }
    default:
      return `Promise.resolve(void ${promise(given.does, writer)})`;
  }
}

function step(kind: StepForm, writer: Writer): string {
  const n = ++writer.steps;
  const forms: Readonly<Record<StepForm, string>> = {
    fetch: `fetch("s${n}s")`,
    sleep: `ctx.sleep("s${n}s")`,
    call: `ctx.call("s${n}s")`,
    send: `ctx.send("s${n}s")`,
    get: `ctx.state.get("s${n}s")`,
    set: `ctx.state.set("s${n}s", 1)`,
    update: `ctx.state.update("s${n}s", () => 1)`,
    wait: `ctx.waitForEvent("s${n}s")`,
    timer: `new Promise((resolve) => setTimeout("s${n}s", resolve))`,
    hmac: `ctx.secrets.hmacSha256("s${n}s", "")`,
  };
  return forms[kind];
}

function eachOf({ by, body }: Extract<Expression, { is: "each" }>, writer: Writer): string {
  const inner = statements(body, writer, inFunction);
  const callback = `async (item) => {\n${inner}\n}`;
  switch (by) {
    case "map":
      return `Promise.all(payload.items().map(${callback}))`;
    case "mapSettled":
      return `Promise.allSettled(payload.items().map(${callback}))`;
    case "mapRace":
      return `Promise.race([1, ...payload.items()].map(${callback}))`;
    case "mapSync":
      return `Promise.all(payload.items().map((item) => (${callback})(item)))`;
    case "forEach":
      return `Promise.resolve(payload.items().forEach(${callback}))`;
    case "mapConcurrent":
      return `mapConcurrent(payload.items(), ${callback}, { concurrency: 2 })`;
    case "arrayFromAsync":
      return `Array.fromAsync(payload.items(), ${callback})`;
    default: {
      const name = `generator${++writer.names}`;
      writer.functions.push(
        `async function* ${name}(ctx, payload) {\nfor (const item of payload.items()) {\n${inner}\nyield item;\n}\n}`,
      );
      return `(async () => {\nfor await (const item of ${name}(ctx, payload)) {\n${promise({ is: "step", kind: "fetch" }, writer)};\n}\n})()`;
    }
  }
}

function called({ by, body }: Extract<Expression, { is: "function" }>, writer: Writer): string {
  const inner = statements(body, writer, inFunction);
  const name = `f${++writer.names}`;
  switch (by) {
    case "declared":
      writer.functions.push(`async function ${name}(ctx, payload) {\n${inner}\n}`);
      return `${name}(ctx, payload)`;
    case "arrow":
      writer.functions.push(
        `const ${name} = async (ctx, { pick, items, count }) => {\nconst payload = { pick, items, count };\n${inner}\n};`,
      );
      return `${name}(ctx, payload)`;
    case "invoked":
      return `(async () => {\n${inner}\n})()`;
    case "method":
      writer.functions.push(
        `class C${name} {\nconstructor(ctx, payload) {\nthis.ctx = ctx;\nthis.payload = payload;\n}\nasync act() {\nconst { ctx, payload } = this;\n${inner}\n}\n}`,
      );
      return `new C${name}(ctx, payload).act()`;
    case "callback":
      writer.functions.push(
        `async function ${name}(act) {\ntry {\nreturn await act();\n} catch (error) {\nif (error.isFinal) throw error;\nreturn await act();\n}\n}`,
      );
      return `${name}(async () => {\n${inner}\n})`;
    case "retry":
      return `retry(ctx, async () => {\n${inner}\n}, { attempts: 2 })`;
    case "nested":
      return `(async () => {\nasync function ${name}() {\n${inner}\n}\nawait ${name}();\nif (payload.pick()) await ${name}();\n})()`;
    case "sync":
      writer.functions.push(
        `function ${name}(ctx, payload) {\nif (payload.pick()) return undefined;\nreturn (async () => {\n${inner}\n})();\n}`,
      );
      return `${name}(ctx, payload)`;
    case "returned":
      return `(async () => {\ntry {\nreturn (async () => {\n${inner}\n})();\n} finally {\n${promise({ is: "step", kind: "set" }, writer)};\n}\n})()`;
    default:
      return `new Promise((resolve, reject) => {\n(async () => {\n${inner}\n})().then(resolve, reject);\n})`;
  }
}
