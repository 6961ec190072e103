import { Empty, Page } from "../components/page.tsx";

/** In place of a view that the key may not see. */
export function Refused({ title, refusal }: { readonly title: string; readonly refusal: string }) {
  return (
    <Page title={title}>
      <Empty title="This is not for your API key">
        {refusal} Ask whoever has a key with the scope <code>keys:manage</code> for another one, and log in
        with it.
      </Empty>
    </Page>
  );
}
