import { config } from "zod";

// The page's policy lets nothing be evaluated, and trying is reported. Imported before all that makes schemas.
config({ jitless: true });
