CREATE TABLE `logs` (
	`execution_id` text NOT NULL,
	`number` integer NOT NULL,
	`level` text NOT NULL,
	`at` integer NOT NULL,
	`line` text NOT NULL,
	PRIMARY KEY(`execution_id`, `number`)
);
