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
  children,
}: {
  /** Title in the browser's tab and history. */
  readonly title: string;
  /** Heading, if it is more than the title. */
  readonly heading?: ReactNode;
  readonly actions?: ReactNode;
  readonly intro?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div className="page">
      <title>{`${title} · Duranium`}</title>
      <div className="page-head">
        <PageHeading>{heading}</PageHeading>
        {actions === undefined ? null : <div className="page-actions">{actions}</div>}
      </div>
      {intro === undefined ? null : <div className="page-intro">{intro}</div>}
      {children}
    </div>
  );
}

/** The heading of a view, which gets the focus on navigation. */
export function PageHeading({
  title,
  children,
}: {
  /** The whole text, if it may be cut. */
  readonly title?: string;
  readonly children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (hasShown) heading.current?.focus();
    hasShown = true;
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} title={title}>
      {children}
    </h1>
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
