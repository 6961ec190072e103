import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import "./page.css";

/** Whether a view has been shown before. The first view does not move the focus. */
let hasShown = false;

/** A view. Its title becomes the document's title and gets the focus on navigation. */
export function Page({
  title,
  heading = title,
  actions,
  intro,
  wide = false,
  children,
}: {
  /** Title in the browser's tab and history. */
  readonly title: string;
  /** Heading, if it is more than the title. */
  readonly heading?: ReactNode;
  readonly actions?: ReactNode;
  readonly intro?: ReactNode;
  /** Uses the full width, for the editor. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}) {
  const top = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (hasShown) top.current?.focus();
    hasShown = true;
  }, []);
  return (
    <div className="page" data-wide={wide || undefined}>
      <title>{`${title} · Duranium`}</title>
      <div className="page-head">
        <h1 ref={top} tabIndex={-1}>
          {heading}
        </h1>
        {actions === undefined ? null : <div className="page-actions">{actions}</div>}
      </div>
      {intro === undefined ? null : <div className="page-intro">{intro}</div>}
      {children}
    </div>
  );
}

/** A section of a view. */
export function Section({
  title,
  about,
  actions,
  children,
}: {
  readonly title: string;
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="section" aria-label={title}>
      <div className="section-head">
        <div>
          <h2>{title}</h2>
          {about === undefined ? null : <p className="section-about">{about}</p>}
        </div>
        {actions === undefined ? null : <div className="page-actions">{actions}</div>}
      </div>
      {children}
    </section>
  );
}

/** An empty state: what would be shown here, and what to do first. */
export function Empty({
  title,
  children,
  action,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children === undefined ? null : <div className="empty-text">{children}</div>}
      {action}
    </div>
  );
}
