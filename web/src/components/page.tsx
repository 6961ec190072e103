import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import "./page.css";

/** Whether a view has been shown before: the first one leaves the focus where the browser has it. */
let hasShown = false;

/** A view: its title, which becomes the document's and takes the focus when one comes here, and what is in it. */
export function Page({
  title,
  heading = title,
  actions,
  intro,
  wide = false,
  children,
}: {
  /** For the browser's tab and history. */
  readonly title: string;
  /** What stands above the view, where that is more than the title. */
  readonly heading?: ReactNode;
  readonly actions?: ReactNode;
  readonly intro?: ReactNode;
  /** Without the margins that make lines short: the editor. */
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

/** A part of a view, with a title of its own. */
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

/** What a view shows where there is nothing yet: what would be there, and what to do first. */
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
