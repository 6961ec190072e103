import { createContext, use, useState } from "react";
import type { ReactNode } from "react";
import { createPortal } from "react-dom";
import { PageHeading } from "./page.tsx";
import "./page-bar.css";

const BarPlace = createContext<HTMLElement | null>(null);

/** A view with sections: one bar with its heading, the sections and the actions, and the section below the bar. */
export function PageWithBar({
  title,
  heading,
  sections,
  actions,
  wide = false,
  children,
}: {
  /** Title in the browser's tab and history. */
  readonly title: string;
  readonly heading: string;
  readonly sections: ReactNode;
  readonly actions?: ReactNode;
  /** Uses the width and the height of the window, for the editor. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}) {
  const [place, setPlace] = useState<HTMLElement | null>(null);
  return (
    <>
      <title>{`${title} · Duranium`}</title>
      <div className="page-bar">
        <PageHeading title={heading}>{heading}</PageHeading>
        {sections}
        <div className="page-bar-actions" ref={setPlace}>
          {actions}
        </div>
      </div>
      <BarPlace value={place}>
        <div className="page" data-wide={wide || undefined}>
          {children}
        </div>
      </BarPlace>
    </>
  );
}

/** Shows its children in the bar of the view, at its end. */
export function InPageBar({ children }: { readonly children: ReactNode }) {
  const place = use(BarPlace);
  return place === null ? null : createPortal(children, place);
}
