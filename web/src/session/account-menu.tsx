import { useState } from "react";
import { Icon } from "../components/icon.tsx";
import { Menu, MenuItem } from "../components/menu.tsx";
import { useToast } from "../components/toast.tsx";
import { chooseTheme, themeChoice, themeChoices } from "../theme.ts";
import type { ThemeChoice } from "../theme.ts";
import { useLogOut, useSession } from "./session.tsx";

const labels: Record<ThemeChoice, string> = { system: "System", light: "Light", dark: "Dark" };

/** The account menu: key, theme and logout. */
export function AccountMenu() {
  const { name } = useSession();
  const [theme, setTheme] = useState(themeChoice);
  const logOut = useLogOut();
  const toast = useToast();
  const choose = (choice: ThemeChoice) => {
    chooseTheme(choice);
    setTheme(choice);
  };
  return (
    <Menu
      label={`Account: ${name}`}
      button={
        <>
          <span className="account-letter" aria-hidden>
            {name.slice(0, 1).toUpperCase()}
          </span>
          <Icon name="down" />
        </>
      }
    >
      <p className="menu-note">
        API key <strong>{name}</strong>
      </p>
      <div role="group" aria-label="Appearance">
        {themeChoices.map((choice) => (
          <MenuItem key={choice} checked={theme === choice} onSelect={() => choose(choice)}>
            {labels[choice]}
          </MenuItem>
        ))}
      </div>
      <hr />
      <MenuItem onSelect={() => void logOut().catch(toast.error)}>Log out</MenuItem>
    </Menu>
  );
}
