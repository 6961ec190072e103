import { Link } from "wouter";
import { Empty, Page } from "../components/page.tsx";

export function NotFound() {
  return (
    <Page title="Page not found">
      <Empty
        title="Page not found"
        action={
          <Link className="button" href="/workflows">
            Go to workflows
          </Link>
        }
      >
        It may have been deleted. Check that the URL is complete.
      </Empty>
    </Page>
  );
}
