import type { SecureContext } from 'node:tls';
import { createNetwork, type Network } from '../../electron/adapters/network/network.ts';
import { createTrust } from '../../electron/adapters/network/roots.ts';
import type { Routes } from '../../electron/adapters/network/routes.ts';

/** Trusts what the runtime trusts, and these authorities. */
export const trusting = (...ca: readonly string[]): (() => SecureContext) => createTrust(() => ca);

const straight: Routes = async () => [{ kind: 'direct' }];

/** Everything is reached directly unless `routes` says otherwise. */
export function networkOf(options: { routes?: Routes; ca?: readonly string[] } = {}): Network {
  return createNetwork({ routes: options.routes ?? straight, trust: trusting(...(options.ca ?? [])) });
}
