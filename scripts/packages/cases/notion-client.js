import { Client } from "@notionhq/client";
export async function run(_ctx, { origin }) {
  const notion = new Client({ auth: "t", baseUrl: `${origin}/notion` });
  const page = await notion.pages.create({
    parent: { page_id: "p" },
    properties: { title: [{ text: { content: "T" } }] },
  });
  const failure = await notion.pages
    .retrieve({ page_id: "missing" })
    .catch((error) => [error.code, error.name]);
  return [page.id, failure];
}
