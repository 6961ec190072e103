import { useEffect, useRef, useState } from "react";
import { useLocation, useSearch } from "wouter";
import { hasCode } from "../api.ts";
import { Button } from "../components/button.tsx";
import { Logo } from "../components/logo.tsx";
import { Problem } from "../components/problem.tsx";
import { useAttempt } from "../components/use-attempt.ts";
import { useLogIn } from "../session/session.tsx";
import "./log-in.css";

/** The login page. The API key is not stored: the server exchanges it for a session. */
export function LogIn() {
  const [key, setKey] = useState("");
  const [, navigate] = useLocation();
  const to = placeToGo(new URLSearchParams(useSearch()).get("to"));
  const logIn = useLogIn();
  const { isBusy, error, attempt } = useAttempt(async () => {
    await logIn(key.trim());
    navigate(to, { replace: true });
  });
  const field = useRef<HTMLInputElement>(null);
  const isUnknownKey = hasCode(error, "unauthenticated");
  useEffect(() => field.current?.focus(), []);
  return (
    <main className="log-in">
      <title>Log in · Duranium</title>
      <form
        className="card log-in-card"
        onSubmit={(event) => {
          event.preventDefault();
          attempt();
        }}
      >
        <Logo size={40} />
        <h1>Log in to Duranium</h1>
        <div className="field">
          <label htmlFor="key">API key</label>
          <input
            ref={field}
            id="key"
            className="input"
            type="password"
            autoComplete="current-password"
            autoCapitalize="none"
            spellCheck={false}
            required
            value={key}
            onChange={({ target }) => setKey(target.value)}
            aria-invalid={isUnknownKey}
            aria-describedby={isUnknownKey ? "key-error key-hint" : "key-hint"}
          />
          {isUnknownKey ? (
            <p id="key-error" className="field-error" role="alert">
              Invalid API key. It may be unknown, expired or revoked.
            </p>
          ) : null}
          <p id="key-hint" className="field-hint">
            The root key is printed on the first start, or set in <code>DURANIUM_ROOT_KEY</code>. Create more
            keys under Settings.
          </p>
        </div>
        {error === undefined || isUnknownKey ? null : <Problem error={error} />}
        <Button kind="primary" type="submit" busy={isBusy}>
          Log in
        </Button>
      </form>
    </main>
  );
}

/** A path of the web UI. Prevents redirects to other origins. */
function placeToGo(to: string | null): string {
  return to !== null && /^\/(?![/\\])/.test(to) && !to.startsWith("/login") ? to : "/";
}
