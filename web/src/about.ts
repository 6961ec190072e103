import type { Schemas } from "#client";
import { useQuery } from "@tanstack/react-query";
import { api } from "./api.ts";

/** What the server says of itself; `undefined` until it has answered. It does not change while the server runs. */
export function useAbout(): Schemas["About"] | undefined {
  const { data } = useQuery({
    queryKey: ["about"],
    queryFn: async () => await api.get("/"),
    staleTime: Infinity,
  });
  return data;
}
