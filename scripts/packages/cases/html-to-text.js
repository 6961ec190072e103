import { convert } from "html-to-text";
export function run() {
  return convert('<h1>Title</h1><p>Hello <a href="https://a.test">you</a></p><ul><li>a</li><li>b</li></ul>', {
    wordwrap: 60,
  });
}
