/** Tells an outside dead-man monitor that a check was made and all is well (`HEARTBEAT_URL`). */

import { done, failed, type Result } from '../../shared/result.ts';
import { request } from './http/undici-parts.ts';
import { codeOf, detailOf } from './network/failure.ts';
import type { Network } from './network/network.ts';

const TIMEOUT_MS = 10_000;

export function createHeartbeat(
  url: string,
  { dispatcher }: Pick<Network, 'dispatcher'>,
): () => Promise<Result<void>> {
  return async () => {
    try {
      const response = await request(dispatcher, url, {
        reset: true,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await response.body.dump();
      const isFine = response.statusCode >= 200 && response.statusCode < 400;
      return isFine ? done(undefined) : failed('network.unreachable', `status ${response.statusCode}`);
    } catch (error) {
      return failed(codeOf(error), detailOf(error));
    }
  };
}
