import type { Schemas } from "#client";
import { useQuery } from "@tanstack/react-query";
import { api } from "./api.ts";

/** Version and links of the server; `undefined` while loading. They do not change while the server runs. */
export function useAbout(): Schemas["About"] | undefined {
  const { data } = useQuery({
    queryKey: ["about"],
    queryFn: async () => await api.get("/"),
    staleTime: Infinity,
  });
  return data;
}
