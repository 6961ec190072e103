import { Link } from "wouter";
import "./tabs.css";

export interface Tab {
  /** What stands in the address for it. */
  readonly id: string;
  readonly label: string;
}

/** Views beside each other, each with an address of its own: links, of which one is the current page. */
export function Tabs({
  label,
  base,
  tabs,
  current,
}: {
  readonly label: string;
  readonly base: string;
  readonly tabs: readonly Tab[];
  readonly current: string;
}) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(({ id, label: text }) => (
        <Link
          key={id}
          href={`${base}/${id}`}
          className="tab"
          aria-current={id === current ? "page" : undefined}
        >
          {text}
        </Link>
      ))}
    </nav>
  );
}
