/** Cheap calls of Cafe24's Admin API, to see whether an access token works (docs/cafe24.md, 13). */

import { apiOriginOf } from '../../shared/configuration.ts';
import { CONNECT_TIMEOUT_MS, REQUEST_TIMEOUT_MS } from '../core/timing.ts';
import type { AdminApi } from '../ports.ts';
import { request } from './http/undici-parts.ts';
import { codeOf, detailOf } from './network/failure.ts';
import type { Network } from './network/network.ts';

export function createAdminApi(options: {
  readonly apiOrigin: string;
  readonly network: Pick<Network, 'dispatcher'>;
}): AdminApi {
  return {
    async get(mall, path, accessToken) {
      try {
        const response = await request(
          options.network.dispatcher,
          `${apiOriginOf(options.apiOrigin, mall)}/api/v2${path}`,
          {
            headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
            // A connection kept for a next call would keep the command line alive after its answer.
            reset: true,
            headersTimeout: REQUEST_TIMEOUT_MS,
            bodyTimeout: REQUEST_TIMEOUT_MS,
            signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS + REQUEST_TIMEOUT_MS),
          },
        );
        return { kind: 'answered', status: response.statusCode, body: await response.body.text() };
      } catch (error) {
        return { kind: 'failed', code: codeOf(error), detail: detailOf(error) };
      }
    },
  };
}
