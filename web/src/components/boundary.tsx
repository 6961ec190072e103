import { Component } from "react";
import type { ReactNode } from "react";
import { Problem } from "./problem.tsx";

interface BoundaryProps {
  readonly children: ReactNode;
  /** Where one is: an error is left behind by going elsewhere. */
  readonly place?: string;
}

interface BoundaryState {
  readonly error?: unknown;
}

/** Keeps an error of the page from leaving it blank. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = {};

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { error };
  }

  override componentDidUpdate({ place }: BoundaryProps): void {
    // oxlint-disable-next-line react/no-did-update-set-state -- once, after one has gone elsewhere
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

/** A file of the page that could not be loaded: browsers and Vite each have words of their own for it. */
function isMissingPart(error: unknown): boolean {
  return error instanceof Error && /preload|dynamically imported|importing a module/i.test(error.message);
}

const missingPart = new Error("Failed to load: the server is unreachable or was upgraded. Reload the page.");
