import type { Node } from "@babel/types";
import { parseFile } from "../source/parse.ts";
import type { ParsedFile } from "../source/parse.ts";
import { callClosure, callValue, emitOpaque } from "./calls.ts";
import { awaited, evaluate } from "./expressions.ts";
import type { Part } from "./flow.ts";
import { topLevelFrame } from "./frame.ts";
import type { Analysis, Fact } from "./frame.ts";
import { settle } from "./launch.ts";
import { createModules } from "./modules.ts";
import { execute } from "./statements.ts";
import { data } from "./value.ts";
import type { Module } from "./value.ts";

const maxPasses = 5;

/** More parts are too many to be read. */
const maxParts = 1_500;

/**
 * Follows the function `run` of a workflow and all that it calls, with `ctx` as its first argument and data as its second.
 *
 * Passes are repeated until nothing new is learned about variables that are assigned more than once: a function that a loop calls
 * may be assigned later in it.
 *
 * @throws {SyntaxError}
 */
export function analyse(entry: string, files: Readonly<Record<string, string>>): readonly Part[] {
  const cache = new Map<string, ParsedFile>();
  const parsed = (name: string) => {
    const file = cache.get(name) ?? parseFile(name, files[name] ?? "");
    cache.set(name, file);
    return file;
  };
  const facts = new Map<Node, Fact>();
  for (let pass = 1; ; pass++) {
    const evaluator = { evaluate, awaited, execute, callClosure, callValue };
    const analysis: Analysis = { facts, hasLearned: false, budget: maxParts, evaluator };
    const modules = createModules({ has: (name) => Object.hasOwn(files, name), parsed }, analysis);
    const flow = followRun(modules.load(entry), analysis);
    if (!analysis.hasLearned || pass === maxPasses) return flow;
  }
}

function followRun(module: Module, analysis: Analysis): readonly Part[] {
  const { program } = module.file;
  const frame = topLevelFrame(module, analysis);
  const run = module.exports.get("run")?.();
  const node: Node = run?.is === "closure" ? run.node : program;
  const site = { frame, node, isAwaited: true };
  if (run === undefined) emitOpaque(frame, node, { label: "code that exports `run`", args: [] });
  else settle(callValue(run, [{ is: "context", path: "" }, data], site), frame, node);
  const [first, ...others] = frame.out;
  return first?.part === "function" && others.length === 0 ? first.body : frame.out;
}
