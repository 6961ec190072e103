import { Link } from "wouter";
import "./tabs.css";

export interface Tab {
  /** Its segment in the URL. */
  readonly id: string;
  readonly label: string;
}

/** Tabs as links, because each has its own URL. */
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
