import MarkdownIt from "markdown-it";
export function run() {
  return new MarkdownIt({ linkify: true, typographer: true }).render('# T\n\nhttp://x.test "quoted"');
}
