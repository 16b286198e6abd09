import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'dotenv';
import type { Environment } from './child-process.ts';

/** The names that configure the product; a trial and the tests take none of them from whoever starts them. */
const PRODUCT_NAMES = /^(CAFE24_|ALERT_EMAIL_)|^(KV_REDIS_URL|SLACK_WEBHOOK_URL|SMTP_URL|HEARTBEAT_URL)$/;

/** The environment without anything that the product would read. */
export function withoutProductNames(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !PRODUCT_NAMES.test(name)));
}

/** A shop is configured where the environment, or the working folder's .env, names a mall. */
export async function namesShop(folder: string, env: Environment): Promise<boolean> {
  const file = await readFile(path.join(folder, '.env'), 'utf8').catch(() => '');
  return Boolean(env.CAFE24_MALL_ID || parse(file).CAFE24_MALL_ID);
}
