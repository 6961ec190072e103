import { z } from "zod";
import { parseTimestamp } from "../../base/time.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { assertNoEscalation } from "../../domain/permissions.ts";
import type { ApiKeyService, ApiKeyView, NewApiKey } from "../contract/services.ts";
import { jsonBody } from "../http/body.ts";
import { pageParameters } from "../http/common-schema.ts";
import { pageAnswer, pageRequest, pageResponse } from "../http/paging.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { invalidBody } from "../http/validation.ts";
import {
  apiKeyBody,
  apiKey,
  apiKeyParameters,
  createApiKeyRequest,
  createdApiKey,
} from "./api-key-schema.ts";

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
    answers: [pageAnswer("A page of API keys", apiKey)],
    errors: ["invalid-cursor"],
    handle: async ({ query }, context) =>
      pageResponse(context, await apiKeys.list(pageRequest(query, position)), apiKeyBody),
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
    description: "The answer holds the key. It is kept as a hash only, and cannot be told again.",
    body: jsonBody(createApiKeyRequest),
    answers: [
      {
        status: 201,
        description: "The new key",
        schema: createdApiKey,
        headers: { location: "The address to revoke it by" },
      },
    ],
    errors: ["invalid-json", "body-too-large", "unsupported-media-type"],
    handle: async ({ body }, context) => {
      const { expiresAt: until = "", ...rest } = body;
      const expiresAt = parseTimestamp(until);
      const asked = { ...rest, ...(expiresAt === undefined ? {} : { expiresAt }) };
      assertGrantable(asked, context.get("apiKey"));
      const created = await apiKeys.create(asked);
      context.header("location", `/api-keys/${encodeURIComponent(created.id)}`);
      return context.json({ ...apiKeyBody(created), key: created.key }, 201);
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
    description: "Requests with the key are refused from now on.",
    params: apiKeyParameters,
    answers: [{ status: 204, description: "It is revoked" }],
    errors: ["api-key-not-found"],
    handle: async ({ params }, context) => {
      await apiKeys.revoke(params.apiKeyId);
      return context.body(null, 204);
    },
  });
}
