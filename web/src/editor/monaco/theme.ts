import { isDark, onThemeChange } from "../../theme.ts";
import { editor } from "./monaco.ts";

/** The colours of `styles/tokens.css` as numbers, which Monaco requires. */
const surfaces = {
  light: {
    surface: "#ffffff",
    raised: "#ffffff",
    border: "#e1e5eb",
    text: "#151a23",
    faint: "#5c6676",
    hover: "#eef0f4",
  },
  dark: {
    surface: "#14181f",
    raised: "#1a1f28",
    border: "#262d38",
    text: "#e9ecf1",
    faint: "#8f99a9",
    hover: "#1d232d",
  },
} as const;

/** Applies the theme of the web UI to all editors, also when it changes. */
export function followTheme(): void {
  define("light");
  define("dark");
  applyTheme();
  onThemeChange(applyTheme);
}

function applyTheme(): void {
  editor.setTheme(isDark() ? "duranium-dark" : "duranium-light");
}

function define(name: keyof typeof surfaces): void {
  const { surface, raised, border, text, faint, hover } = surfaces[name];
  editor.defineTheme(`duranium-${name}`, {
    base: name === "dark" ? "vs-dark" : "vs",
    inherit: true,
    rules: tokenRules[name],
    colors: {
      "editor.background": surface,
      "editor.foreground": text,
      "editorGutter.background": surface,
      "editorLineNumber.foreground": faint,
      "editorLineNumber.activeForeground": text,
      "editor.lineHighlightBorder": "#00000000",
      "editor.lineHighlightBackground": hover,
      "editorWidget.background": raised,
      "editorWidget.border": border,
      "editorSuggestWidget.background": raised,
      "editorHoverWidget.background": raised,
      "editorOverviewRuler.border": "#00000000",
      "diffEditor.border": border,
    },
  });
}

/** All colours have a contrast of at least 4.5 on the surface and on a highlighted line. */
const tokenRules = {
  light: [
    { token: "comment", foreground: "5c6676" },
    { token: "keyword", foreground: "7a2fb0" },
    { token: "string", foreground: "146c43" },
    { token: "number", foreground: "9a4a00" },
    { token: "regexp", foreground: "9a1f5c" },
    { token: "type", foreground: "0b5c9e" },
    { token: "type.identifier", foreground: "0b5c9e" },
    { token: "delimiter", foreground: "434c5b" },
  ],
  dark: [
    { token: "comment", foreground: "8f99a9" },
    { token: "keyword", foreground: "c79bff" },
    { token: "string", foreground: "7fd6a3" },
    { token: "number", foreground: "f0b46a" },
    { token: "regexp", foreground: "ff9ac4" },
    { token: "type", foreground: "7cc4ff" },
    { token: "type.identifier", foreground: "7cc4ff" },
    { token: "delimiter", foreground: "b5bdca" },
  ],
};
