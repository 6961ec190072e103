import matter from "gray-matter";
export function run() {
  const { data, content } = matter("---\ntitle: T\ndate: 2026-01-02\n---\nBody");
  return [data, content];
}
