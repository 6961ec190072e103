import TurndownService from "turndown";
export function run() {
  return new TurndownService().turndown(
    "<h1>T</h1><p>a <b>b</b> <a href='http://x.test'>l</a></p><ul><li>i</li></ul>",
  );
}
