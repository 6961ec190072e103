import type { Logger } from "./base/logger.ts";
import { readConfig } from "./config/config.ts";
import { messageOf } from "./domain/errors.ts";
import {
  createKeyRing,
  ensureKeyFile,
  generateKey,
  parseKeys,
  replaceKeyFile,
} from "./stores/data-directory/key-ring.ts";
import { createAlertRuleStore } from "./stores/alerts/alert-rules.ts";
import { createSecretStore } from "./stores/secrets.ts";
import { openDatabase } from "./stores/sql/open-database.ts";
import type { DatabaseLocation } from "./stores/sql/open-database.ts";
import { createWebhookStore } from "./stores/webhooks.ts";

const logger: Pick<Logger, "info" | "error"> = {
  info: () => {},
  error: (message) => void process.stderr.write(`duranium: ${message}\n`),
};

/**
 * `npm run rotate-master-key`: puts all secrets under a new master key. The file of keys gets one in front, everything
 * is encrypted anew, then the old ones go. With keys in `DURANIUM_MASTER_KEY`, the operator has put the new one in front,
 * and takes the old ones away afterwards. What runs meanwhile finds the new key by itself.
 */
try {
  const config = readConfig();
  const { masterKey, masterKeyFile } = config;
  const reencrypted =
    masterKey === undefined ? await rotateFile(masterKeyFile, config) : await reencrypt(masterKey, config);
  process.stdout.write(`${reencrypted} secrets are under the new master key\n`);
} catch (error) {
  process.stderr.write(`duranium: ${messageOf(error)}\n`);
  process.exitCode = 1;
}

async function rotateFile(path: string, location: DatabaseLocation): Promise<number> {
  const old = ensureKeyFile(path).trim();
  const next = generateKey();
  replaceKeyFile(path, [next, old]);
  const reencrypted = await reencrypt(`${next} ${old}`, location);
  replaceKeyFile(path, [next]);
  return reencrypted;
}

async function reencrypt(keys: string, location: DatabaseLocation): Promise<number> {
  await using database = await openDatabase(location, { logger });
  const ring = createKeyRing(parseKeys(keys));
  const stores = [createSecretStore, createWebhookStore, createAlertRuleStore];
  let reencrypted = 0;
  for (const create of stores) reencrypted += await create(database, ring).reencrypt();
  return reencrypted;
}
