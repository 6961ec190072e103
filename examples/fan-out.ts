import type { WorkflowContext } from "duranium";

interface Survey {
  /** URLs of the pages. */
  readonly urls: readonly string[];
}

/** Fetches all pages concurrently and measures them. A failed page does not fail the others. */
export async function run(_ctx: WorkflowContext, { urls }: Survey) {
  const pages = await Promise.allSettled(urls.map(measure));
  const measured = pages.flatMap((page) => (page.status === "fulfilled" ? [page.value] : []));
  const failed = pages.flatMap((page, index) =>
    page.status === "rejected" ? [{ url: urls[index], reason: String(page.reason) }] : [],
  );
  return {
    pages: measured.length,
    bytes: measured.reduce((sum, { bytes }) => sum + bytes, 0),
    largest: measured.toSorted((a, b) => b.bytes - a.bytes)[0]?.url ?? null,
    failed,
  };
}

async function measure(url: string) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`answered ${response.status}`);
  return { url, bytes: (await response.bytes()).length };
}
