import "./styles/base.css";
import "./components/field.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { applyThemeChoice } from "./theme.ts";

applyThemeChoice();

// All routes are below /app, which the API never uses.
if (location.pathname === "/") history.replaceState(null, "", "/app/");

const root = document.getElementById("root");
if (root === null) throw new Error("The document has no element #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
