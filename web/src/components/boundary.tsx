import { Component } from "react";
import type { ReactNode } from "react";
import { Problem } from "./problem.tsx";

/** Keeps an error of the page from leaving it blank. */
export class Boundary extends Component<{ readonly children: ReactNode }, { readonly error?: unknown }> {
  override state: { readonly error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render(): ReactNode {
    if (!("error" in this.state)) return this.props.children;
    return (
      <div className="page">
        <Problem error={this.state.error} onRetry={() => location.reload()} />
      </div>
    );
  }
}
