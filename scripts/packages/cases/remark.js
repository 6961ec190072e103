import { remark } from "remark";
import remarkHtml from "remark-html";
export async function run() {
  return String(await remark().use(remarkHtml).process("# Title\n\nHello *you*"));
}
