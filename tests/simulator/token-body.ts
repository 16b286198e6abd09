import type { IssuedSet } from './cafe24-state.ts';
import { formatKoreanTime, type TimeForm } from './korean-time.ts';

/** The documented JSON of a token answer: all values strings, `scopes` an array. */
export interface TokenBody {
  readonly access_token: string;
  readonly expires_at: string;
  readonly refresh_token: string;
  readonly refresh_token_expires_at: string;
  readonly client_id: string;
  readonly mall_id: string;
  readonly user_id: string;
  readonly scopes: readonly string[];
  readonly issued_at: string;
  readonly shop_no: string;
  readonly token_type: string;
  /** Seconds; in no measured answer, only with the option `withExpiresIn`. */
  readonly expires_in?: number;
  readonly refresh_token_expires_in?: number;
}

export interface TokenBodyForm {
  readonly timeForm: TimeForm;
  readonly withExpiresIn: boolean;
}

export function tokenBodyOf(set: IssuedSet, form: TokenBodyForm): TokenBody {
  const body: TokenBody = {
    access_token: set.accessToken,
    expires_at: formatKoreanTime(set.expiresAt, form.timeForm),
    refresh_token: set.refreshToken,
    refresh_token_expires_at: formatKoreanTime(set.refreshTokenExpiresAt, form.timeForm),
    client_id: set.clientId,
    mall_id: set.mallId,
    user_id: set.userId,
    scopes: set.scopes,
    issued_at: formatKoreanTime(set.issuedAt, form.timeForm),
    shop_no: '1',
    token_type: 'Bearer',
  };
  if (!form.withExpiresIn) return body;
  return {
    ...body,
    expires_in: Math.round((set.expiresAt - set.issuedAt) / 1000),
    refresh_token_expires_in: Math.round((set.refreshTokenExpiresAt - set.issuedAt) / 1000),
  };
}
