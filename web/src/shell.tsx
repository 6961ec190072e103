import type { ReactNode } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { Icon } from "./components/icon.tsx";
import { Logo } from "./components/logo.tsx";
import { AccountMenu } from "./session/account-menu.tsx";
import { SessionGate } from "./session/session.tsx";
import "./shell.css";

const places = [
  { path: "/overview", label: "Overview", icon: "home" },
  { path: "/workflows", label: "Workflows", icon: "workflow" },
  { path: "/executions", label: "Executions", icon: "list" },
  { path: "/failures", label: "Failures", icon: "alert" },
  { path: "/schedules", label: "Schedules", icon: "clock" },
  { path: "/queues", label: "Queues", icon: "queue" },
  { path: "/alerts", label: "Alerts", icon: "bell" },
  { path: "/settings", label: "Settings", icon: "gear" },
] as const;

/** The frame of every view. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const [location] = useLocation();
  const search = useSearch();
  return (
    <SessionGate from={location + (search === "" ? "" : `?${search}`)}>
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <header className="top">
        <Link href="/" className="top-brand" aria-label="Duranium, go to the home page">
          <Logo />
          <span>Duranium</span>
        </Link>
        <nav className="top-places" aria-label="Main">
          {places.map(({ path, label, icon }) => (
            <Link
              key={path}
              // On phones the places are scrolled.
              ref={location.startsWith(path) ? scrollIntoView : undefined}
              href={path}
              className="top-place"
              aria-current={location.startsWith(path) ? "page" : undefined}
            >
              <Icon name={icon} />
              {label}
            </Link>
          ))}
        </nav>
        <AccountMenu />
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </SessionGate>
  );
}

function scrollIntoView(place: HTMLElement | null): void {
  place?.scrollIntoView({ block: "nearest", inline: "center" });
}
