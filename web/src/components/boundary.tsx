import { Component } from "react";
import type { ReactNode } from "react";
import { Problem } from "./problem.tsx";

interface BoundaryProps {
  readonly children: ReactNode;
  /** The current location. An error is cleared when it changes. */
  readonly place?: string;
}

interface BoundaryState {
  readonly error?: unknown;
}

/** Shows an error instead of a blank page. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = {};

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { error };
  }

  override componentDidUpdate({ place }: BoundaryProps): void {
    // oxlint-disable-next-line react/no-did-update-set-state -- once, after the location has changed
    if ("error" in this.state && place !== this.props.place) this.setState({ error: undefined });
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <div className="page">
        <Problem error={isMissingPart(error) ? missingPart : error} onRetry={() => location.reload()} />
      </div>
    );
  }
}

/** Whether a chunk could not be loaded. Browsers and Vite have different messages for it. */
function isMissingPart(error: unknown): boolean {
  return error instanceof Error && /preload|dynamically imported|importing a module/i.test(error.message);
}

const missingPart = new Error("Failed to load: the server is unreachable or was upgraded. Reload the page.");
