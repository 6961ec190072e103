/**
 * Extracts the frames of the author's code from the stack of an error. The bundle is evaluated as `workflow.js`.
 */
export const bundleName = "workflow.js";

/** Frames that one failure includes. */
const maxFrames = 50;
const maxStackLength = 64 * 1024;

/**
 * The frames of `stack` in the bundle, one per line, innermost first: `at total (workflow.js:12:7)`, or `at
 * workflow.js:12:7` if the function has no name. Lines and columns count from 1. Frames outside of the bundle
 * (Duranium's runtime, native code) and lines that are not frames are omitted.
 *
 * Reads SpiderMonkey's format (`total@workflow.js:12:7`, `async*run@workflow.js:3:1`) and V8's.
 */
export function authorFrames(stack: string): string {
  return stack
    .slice(0, maxStackLength)
    .split("\n")
    .map(readFrame)
    .filter((frame) => frame !== undefined)
    .slice(0, maxFrames)
    .map(({ name, position }) => (name === "" ? `at ${position}` : `at ${name} (${position})`))
    .join("\n");
}

interface Frame {
  readonly name: string;
  readonly position: string;
}

/** The part before the star describes the kind of call: `async*`, `Promise.all*`. */
const spiderMonkeyFrame = /^([^@*]*\*)?([^@]*)@(workflow\.js:\d{1,7}:\d{1,7})$/;
const v8Frame = /^\s{0,8}at (?:(.*) \()?(workflow\.js:\d{1,7}:\d{1,7})\)?$/;

function readFrame(line: string): Frame | undefined {
  const own = spiderMonkeyFrame.exec(line);
  if (own !== null)
    return frameOf((own[1] === undefined ? "" : "async ") + readableName(own[2] ?? ""), own[3]);
  const v8 = v8Frame.exec(line);
  return v8 === null ? undefined : frameOf(v8[1] ?? "", v8[2]);
}

function frameOf(name: string, position = ""): Frame {
  return { name: name.trim().slice(0, 200), position };
}

/** SpiderMonkey writes `run/<` for an anonymous function inside of `run`, and `run/total` for a named one. */
function readableName(name: string): string {
  return name.replace(/(?:\/<)+$/, "");
}
