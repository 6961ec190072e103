import { Empty, Page } from "../components/page.tsx";

/** Shown instead of a view that the key may not access. */
export function Refused({ title, refusal }: { readonly title: string; readonly refusal: string }) {
  return (
    <Page title={title}>
      <Empty title="Access denied">
        {refusal} Ask an administrator for a key with this access. Keys are created with the scope{" "}
        <code>keys:manage</code>.
      </Empty>
    </Page>
  );
}
