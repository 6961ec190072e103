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
import { openSqlite } from "./stores/sql/sqlite.ts";
import { createWebhookStore } from "./stores/webhooks.ts";

/**
 * `npm run rotate-master-key`: puts all secrets under a new master key. The file of keys gets one in front, everything
 * is encrypted anew, then the old ones go. With keys in `DURANIUM_MASTER_KEY`, the operator has put the new one in front,
 * and takes the old ones away afterwards. What runs meanwhile finds the new key by itself.
 */
try {
  const { masterKey, masterKeyFile, databaseUrl } = readConfig();
  const reencrypted =
    masterKey === undefined
      ? await rotateFile(masterKeyFile, databaseUrl)
      : await reencrypt(masterKey, databaseUrl);
  process.stdout.write(`${reencrypted} secrets are under the new master key\n`);
} catch (error) {
  process.stderr.write(`duranium: ${messageOf(error)}\n`);
  process.exitCode = 1;
}

async function rotateFile(path: string, databaseUrl: string): Promise<number> {
  const old = ensureKeyFile(path).trim();
  const next = generateKey();
  replaceKeyFile(path, [next, old]);
  const reencrypted = await reencrypt(`${next} ${old}`, databaseUrl);
  replaceKeyFile(path, [next]);
  return reencrypted;
}

async function reencrypt(keys: string, databaseUrl: string): Promise<number> {
  using database = openSqlite(databaseUrl);
  const ring = createKeyRing(parseKeys(keys));
  const stores = [createSecretStore, createWebhookStore, createAlertRuleStore];
  let reencrypted = 0;
  for (const create of stores) reencrypted += await create(database, ring).reencrypt();
  return reencrypted;
}
