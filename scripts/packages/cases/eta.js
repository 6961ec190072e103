import { Eta } from "eta";
export function run() {
  return new Eta().renderString("Hello <%= it.name %><% it.list.forEach((x) => { %> <%~ x %><% }) %>", {
    name: "<you>",
    list: [1, 2],
  });
}
