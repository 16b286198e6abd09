import { createHash, createHmac } from 'node:crypto';
import type { ClientCredentials } from '../ports.ts';

/** How a refresh token is named where it must not be written: the first 32 hex digits of its SHA-256. */
export function hashOf(refreshToken: string): string {
  return createHash('sha256').update(refreshToken).digest('hex').slice(0, 32);
}

/** Tells one client id and secret from another without telling the secret; stands in the shared meta. */
export function fingerprintOf(client: ClientCredentials): string {
  return createHmac('sha256', client.clientSecret)
    .update(`${client.mall}:${client.clientId}`)
    .digest('hex')
    .slice(0, 16);
}

/** A fixed number in [0, 1) for this install and mall: its place in any spread. */
export function placeInSpread(install: string, mall: string): number {
  return createHash('sha256').update(`${install}:${mall}`).digest().readUInt32BE(0) / 2 ** 32;
}
