import { beforeAll, expect, test } from "vitest";
import { createGuestRunner } from "./guest-runner.ts";

let play: Awaited<ReturnType<typeof createGuestRunner>>;
beforeAll(async () => {
  play = await createGuestRunner();
});

test("each tag is set once, together with the others of its call", () => {
  const source = `export async function run(ctx) {
    const none = await ctx.tag();
    await Promise.all([ctx.tag("customer:42", "nightly", "customer:42"), ctx.tag("nightly")]);
    await ctx.tag("nightly", "path/a=b@c_d.e-F");
    return [none === undefined, Object.keys(ctx).includes("tag")];
  }`;
  const { result, calls } = play(source);
  expect(result).toEqual([true, true]);
  expect(calls).toEqual(["tag customer:42 nightly", "tag path/a=b@c_d.e-F"]);
});

test("the limits of tags are those of callers: what just fits, and what is one more", () => {
  const source = `export async function run(ctx) {
    const failures = [];
    const refuse = (...tags) => ctx.tag("good", ...tags).catch(({ name, message, code }) => failures.push([name, message, code]));
    const many = Array.from({ length: 10 }, (_, number) => "n" + number);
    await refuse("");
    await refuse("a b");
    await refuse(":a");
    await refuse("a".repeat(65));
    await refuse(42);
    await refuse(["a"]);
    await refuse(...many);
    await ctx.tag(...many.slice(1), "a".repeat(64));
    await refuse();
    await ctx.tag("n1");
    return failures;
  }`;
  const { result, calls } = play(source);
  const tooMany = "A workflow sets 11 tags of its execution, and the limit is 10 (maxExecutionTags)";
  expect(result).toEqual([
    ["TypeError", wrong(""), null],
    ["TypeError", wrong("a b"), null],
    ["TypeError", wrong(":a"), null],
    ["TypeError", wrong("a".repeat(65)), null],
    ["TypeError", "A tag is text, and this one is of type number", null],
    ["TypeError", "A tag is text, and this one is of type object", null],
    ["RangeError", tooMany, "limit-exceeded"],
    ["RangeError", tooMany, "limit-exceeded"],
  ]);
  expect(calls).toEqual([`tag n1 n2 n3 n4 n5 n6 n7 n8 n9 ${"a".repeat(64)}`]);
});

function wrong(tag: string): string {
  return `"${tag}" is no tag: use 1 to 64 letters, digits and ". _ : / = @ -", beginning with a letter or digit`;
}
