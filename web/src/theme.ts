/** The theme: the system's, or the one chosen on this device. */
export const themeChoices = ["system", "light", "dark"] as const;
export type ThemeChoice = (typeof themeChoices)[number];

/** The only entry of the web UI in `localStorage`. */
const storageKey = "duranium.theme";

export function themeChoice(): ThemeChoice {
  const kept = stored();
  return themeChoices.find((choice) => choice === kept) ?? "system";
}

export function chooseTheme(choice: ThemeChoice): void {
  try {
    if (choice === "system") localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, choice);
  } catch {
    // Without access to the storage, the choice lasts until the tab is closed.
  }
  apply(choice);
}

export function applyThemeChoice(): void {
  apply(themeChoice());
}

/**
 * Whether the theme is dark now. * @public for Monaco, which does not use the style sheets
 */
export function isDark(): boolean {
  const { theme } = document.documentElement.dataset;
  return theme === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
}

/**
 * Calls the listener when the theme changes. Returns a function that unsubscribes. * @public for Monaco
 */
export function onThemeChange(callback: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", callback);
  const observer = new MutationObserver(callback);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => {
    system.removeEventListener("change", callback);
    observer.disconnect();
  };
}

function apply(choice: ThemeChoice): void {
  if (choice === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = choice;
}

function stored(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}
