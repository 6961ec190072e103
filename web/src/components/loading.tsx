import "./loading.css";

/** Says what is on its way; shows itself only to those who have waited for a moment. */
export function Loading({ what }: { readonly what: string }) {
  return (
    <div className="loading" role="status">
      <span className="spinner" aria-hidden />
      Loading {what}…
    </div>
  );
}
