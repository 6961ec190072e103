DROP INDEX `versions_with_rejection`;--> statement-breakpoint
ALTER TABLE `versions` ADD `is_rejecting` integer DEFAULT false NOT NULL;--> statement-breakpoint
UPDATE `versions` SET `is_rejecting` = 1 WHERE `declarations` ->> '$.flow.rateLimit.mode' = 'reject';--> statement-breakpoint
CREATE INDEX `versions_rejecting` ON `versions` (`workflow_id`,`is_rejecting`);
