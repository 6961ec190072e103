import type { ReactNode } from "react";
import { Link } from "wouter";

/** Items of a panel. */
export const shownItems = 6;

/** A card with the first items of a list. */
export function Panel({
  title,
  href,
  empty,
  count,
  children,
}: {
  readonly title: string;
  readonly href: string;
  /** Shown without any item. */
  readonly empty: ReactNode;
  readonly count: number;
  readonly children: ReactNode;
}) {
  return (
    <section className="card overview-panel" aria-label={title}>
      <div className="section-head">
        <h2>{title}</h2>
        <Link href={href} className="small">
          All<span className="visually-hidden">: {title}</span>
        </Link>
      </div>
      {count === 0 ? <p className="soft">{empty}</p> : <ul>{children}</ul>}
    </section>
  );
}
