import { Link } from "wouter";
import { Empty, Page } from "../components/page.tsx";

export function NotFound() {
  return (
    <Page title="Not found">
      <Empty
        title="There is nothing at this address"
        action={
          <Link className="button" href="/workflows">
            To the workflows
          </Link>
        }
      >
        It may have been removed, or the address is not whole.
      </Empty>
    </Page>
  );
}
