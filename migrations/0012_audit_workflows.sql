ALTER TABLE `audit_log` ADD `workflow_id` text;--> statement-breakpoint
UPDATE `audit_log` SET `workflow_id` = substr(`subject`, 12, instr(substr(`subject`, 12) || '/', '/') - 1) WHERE `subject` LIKE '/workflows/%';--> statement-breakpoint
CREATE INDEX `audit_log_by_actor` ON `audit_log` (`actor`,`id`);--> statement-breakpoint
CREATE INDEX `audit_log_by_action` ON `audit_log` (`action`,`id`);--> statement-breakpoint
CREATE INDEX `audit_log_by_workflow` ON `audit_log` (`workflow_id`,`id`);
