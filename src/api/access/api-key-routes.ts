import { z } from "zod";
import { DuraniumError } from "../../domain/errors.ts";
import { assertNoEscalation } from "../../domain/permissions.ts";
import type { ApiKeyView } from "../contract/api-key.ts";
import { apiKey, createdApiKey } from "../contract/api-key.ts";
import { pageParameters } from "../contract/fields.ts";
import type { ApiKeyService, NewApiKey } from "../contract/services.ts";
import { json, noContent } from "../http/answer.ts";
import { jsonBody } from "../http/body.ts";
import { page, pageRequest } from "../http/paging.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { invalidBody } from "../http/validation.ts";
import { apiKeyParameters, createApiKeyRequest } from "./api-key-schema.ts";

const tag = "API keys";

export function apiKeyRoutes(apiKeys: ApiKeyService): readonly Route[] {
  return [list(apiKeys), create(apiKeys), revoke(apiKeys)];
}

function list(apiKeys: ApiKeyService): Route {
  return defineRoute({
    method: "get",
    path: "/api-keys",
    access: "keys:manage",
    operationId: "listApiKeys",
    tag,
    summary: "List API keys",
    query: z.strictObject(pageParameters),
    answer: page(apiKey, "A page of API keys"),
    errors: ["invalid-cursor"],
    handle: async ({ query }) => await apiKeys.list(pageRequest(query, position)),
  });
}

const position = z.object({ createdAt: z.int(), id: z.string() });

function create(apiKeys: ApiKeyService): Route {
  return defineRoute({
    method: "post",
    path: "/api-keys",
    access: "keys:manage",
    operationId: "createApiKey",
    isAudited: true,
    tag,
    summary: "Create an API key",
    description: "The response contains the key. Only its hash is stored, so it cannot be shown again.",
    body: jsonBody(createApiKeyRequest),
    answer: json(createdApiKey, "The new key", {
      status: 201,
      headers: { location: "URL for revoking the key" },
    }),
    errors: [],
    handle: async ({ body }, context) => {
      assertGrantable(body, context.get("apiKey"));
      const created = await apiKeys.create(body);
      context.header("location", `/api-keys/${encodeURIComponent(created.id)}`);
      return created;
    },
  });
}

/** A new key gets no permission that its creator lacks, and expires no later than the creator. */
function assertGrantable(asked: NewApiKey, by: ApiKeyView): void {
  assertNoEscalation(asked, by);
  const { expiresAt = Infinity } = asked;
  if (expiresAt <= Date.now()) throw invalidBody(["expiresAt"], "this time has passed");
  if (expiresAt > (by.expiresAt ?? Infinity))
    throw new DuraniumError("forbidden", "The API key may not do this: the new key would outlive it");
}

function revoke(apiKeys: ApiKeyService): Route {
  return defineRoute({
    method: "delete",
    path: "/api-keys/:apiKeyId",
    access: "keys:manage",
    operationId: "revokeApiKey",
    isAudited: true,
    tag,
    summary: "Revoke an API key",
    description: "Requests with the key are rejected from now on.",
    params: apiKeyParameters,
    answer: noContent("It is revoked"),
    errors: ["api-key-not-found"],
    handle: async ({ params }) => await apiKeys.revoke(params.apiKeyId),
  });
}
