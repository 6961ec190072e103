import micromatch from "micromatch";
export function run() {
  return [micromatch(["a.js", "b/c.ts", "d.md"], ["**/*.{js,ts}"]), micromatch.isMatch("a/b/c", "a/*/c")];
}
