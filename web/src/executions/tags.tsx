import { Link } from "wouter";
import { writeFilter } from "./filters/filter.ts";
import "./tags.css";

/** The tags of an execution, for a row that is a link itself. */
export function Tags({ tags }: { readonly tags: readonly string[] }) {
  if (tags.length === 0) return null;
  const more = tags.length - shownTags;
  return (
    <span className="tags" title={tags.join(", ")}>
      {tags.slice(0, shownTags).map((tag) => (
        <span key={tag} className="badge">
          {tag}
        </span>
      ))}
      {more > 0 ? <span className="faint small nowrap">+{more}</span> : null}
    </span>
  );
}

/** Tags that a row shows; further ones are only counted. */
const shownTags = 2;

/** The tags of an execution; each leads to the executions that have it too. */
export function TagLinks({ tags }: { readonly tags: readonly string[] }) {
  return (
    <span className="tags">
      {tags.map((tag) => (
        <Link key={tag} className="badge" href={`/executions?${writeFilter({ tag })}`}>
          {tag}
        </Link>
      ))}
    </span>
  );
}
