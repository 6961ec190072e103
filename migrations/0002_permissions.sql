ALTER TABLE `api_keys` ADD `scopes` text DEFAULT '["workflows:read","workflows:deploy","executions:run","executions:read","executions:manage","secrets:write","keys:manage","metrics:read"]' NOT NULL;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `workflows` text;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `expires_at` integer;