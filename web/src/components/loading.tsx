import "./loading.css";

/** A loading indicator, which becomes visible after a moment. */
export function Loading({ what }: { readonly what: string }) {
  return (
    <div className="loading" role="status">
      <span className="spinner" aria-hidden />
      Loading {what}…
    </div>
  );
}
