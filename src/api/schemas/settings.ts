import { z } from "zod";
import { maxEgressHosts, maxHostPatternLength } from "../../domain/limits.ts";

const method = z
  .string()
  .regex(/^[A-Z]{1,20}$/, "use a method in capital letters")
  .meta({ examples: ["GET"] });

const egress = z.strictObject({
  allow: z
    .array(z.string().max(maxHostPatternLength, `use ${maxHostPatternLength} characters at most`))
    .max(maxEgressHosts, `name ${maxEgressHosts} hosts at most`)
    .meta({
      description:
        "The only hosts that the workflow may fetch from: `api.example.com`, `*.example.com`, `api.example.com:8443`. " +
        "HTTPS, unless `http://` is in front. An empty list lets nothing out",
      examples: [["api.stripe.com", "*.example.com"]],
    }),
  methods: z.array(method).min(1).max(20).exactOptional().meta({ description: "Without it: all" }),
});

/** Of a workflow, whatever its version. */
export const settings = z
  .strictObject({
    egress: egress
      .exactOptional()
      .meta({ description: "Without it the workflow reaches whatever the operator lets out" }),
  })
  .meta({ id: "WorkflowSettings" });
