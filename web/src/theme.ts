/** How the page looks: as the system says, or as somebody chose on this device. */
export const themeChoices = ["system", "light", "dark"] as const;
export type ThemeChoice = (typeof themeChoices)[number];

/** The only thing that the page keeps in `localStorage`. */
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
    // Where nothing may be kept, the choice holds until the page is left.
  }
  apply(choice);
}

export function applyThemeChoice(): void {
  apply(themeChoice());
}

/**
 * Whether it looks dark now.
 *
 * @public for the editor, which draws itself
 */
export function isDark(): boolean {
  const { theme } = document.documentElement.dataset;
  return theme === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
}

/**
 * Calls back whenever the page turns dark or light. Answers with what ends that.
 *
 * @public for the editor
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
