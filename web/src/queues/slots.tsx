import "./queues.css";

/** How many of the slots are taken, as a bar and as text. */
export function Slots({ running, total }: { readonly running: number; readonly total: number | undefined }) {
  if (total === undefined) return running.toLocaleString("en");
  const isFull = running >= total;
  return (
    <span className="slots">
      <span className="slots-bar" data-full={isFull || undefined} aria-hidden>
        <span style={{ width: `${Math.min(100, (100 * running) / Math.max(1, total))}%` }} />
      </span>
      <span className="nowrap">
        {running.toLocaleString("en")} of {total.toLocaleString("en")}
      </span>
    </span>
  );
}
