import MiniSearch from "minisearch";
export function run() {
  const index = new MiniSearch({ fields: ["t"] });
  index.addAll([
    { id: 1, t: "zen art" },
    { id: 2, t: "motor cycle" },
  ]);
  return index.search("motr", { fuzzy: 0.3 }).map(({ id }) => id);
}
