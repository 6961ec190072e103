import { config } from "zod";

// The content security policy forbids evaluation, and attempts are reported. Imported before any schema is created.
config({ jitless: true });
