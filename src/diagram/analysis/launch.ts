import type { Node } from "@babel/types";
import { placeOf } from "../source/place.ts";
import { sourceText } from "../source/text.ts";
import { hasSteps } from "./flow.ts";
import type { Part, Shown } from "./flow.ts";
import type { Frame } from "./frame.ts";
import { data } from "./value.ts";
import type { Value } from "./value.ts";

/** Adds a part, unless the diagram would be too large: then one opaque node stands for the rest. */
export function emit(frame: Frame, ...parts: readonly Part[]): void {
  const { analysis, out } = frame;
  for (const part of parts) {
    analysis.budget -= 1;
    if (analysis.budget > 0) out.push(part);
    else if (out.at(-1)?.part !== "opaque" && "file" in part)
      out.push({ ...shownOf(part), label: "further code", note: tooLarge, part: "opaque", called: [] });
  }
}

const tooLarge = "The workflow is too large to be drawn in full";

function shownOf({ file, line, column, label }: Shown): Shown {
  return { file, line, column, label };
}

export function shown(frame: Frame, node: Node, label: string, note?: string): Shown {
  return { ...placeOf(frame.module.file.name, node), label, ...(note === undefined ? {} : { note }) };
}

/** The source of an expression, on one line and shortened. */
export function sourceOf(frame: Frame, node: Node): string {
  return sourceText(frame.module.file.text, node);
}

/** Starts what a value would do if it were awaited, without waiting for it. */
export function launch(value: Value, frame: Frame, node: Node): Value {
  switch (value.is) {
    case "promise":
      if (value.flow !== undefined) emitStarted(frame, node, value.flow);
      return { is: "promise", value: launch(value.value, frame, node) };
    case "promises":
      if (hasSteps(value.each))
        emit(frame, {
          ...shown(frame, node, `start ${value.label}`),
          part: "background",
          branches: [{ flow: value.each }],
          isEach: true,
        });
      return { is: "promise", value: value.value };
    case "generator":
      if (hasSteps(value.flow)) emitStarted(frame, node, value.flow, `while ${value.name} is iterated`);
      return data;
    default:
      return value;
  }
}

function emitStarted(frame: Frame, node: Node, flow: readonly Part[], label?: string): void {
  if (!hasSteps(flow)) return;
  const text = label ?? `start ${sourceOf(frame, node)}`;
  emit(frame, { ...shown(frame, node, text), part: "background", branches: [{ flow }] });
}

/** A step that may be left out: its call may fail before it is made, and no code waits for it. */
export function optional<T extends Extract<Part, { part: "step" }>>(part: T): T {
  return part.step.times === "once" ? { ...part, step: { ...part.step, times: "optional" } } : part;
}

/** Waits for a value: what it does is done here. */
export function settle(value: Value, frame: Frame, node: Node): Value {
  if (value.is === "promise") {
    if (value.flow !== undefined) emit(frame, ...value.flow);
    return settle(value.value, frame, node);
  }
  return launch(value, frame, node);
}
