import pug from "pug";
export function run() {
  return pug.compile("p Hello #{name}\nul\n  each x in list\n    li= x")({ name: "<you>", list: [1, 2] });
}
