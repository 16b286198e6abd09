/** By which way: the desktop's proxy settings in the app, the environment's in the command line and the package. */
import { type Hop, hopsOfEnvironment, hopsOfSystem, proxyOfEnvironment } from '../../../shared/proxy-hops.ts';
import type { Log } from '../../ports.ts';
import type { Environment } from '../environment.ts';

/** The ways to an address of another machine, in the order in which they are to be tried; never empty. */
export type Routes = (url: URL) => Promise<readonly Hop[]>;

/** `HTTPS_PROXY` and `NO_PROXY`. */
export function environmentRoutes(env: Environment): Routes {
  return async (url) => hopsOfEnvironment(env, url);
}

/** What is used of Electron: of its `app`, or of a session. */
export interface ProxySettings {
  resolveProxy(url: string): Promise<string>;
}

/**
 * The system's settings, asked for each connection: they change with the network a laptop is in. A system tells no
 * password; `HTTPS_PROXY` may, for the very proxy that the system names.
 */
export function systemRoutes(electron: ProxySettings, env: Environment, log: Pick<Log, 'warn'>): Routes {
  const known = proxyOfEnvironment(env);
  const withCredentials = (hop: Hop): Hop =>
    hop.kind === 'proxy' && known?.kind === 'proxy' && hop.host === known.host && hop.port === known.port
      ? { ...hop, credentials: known.credentials }
      : hop;
  return async (url) => {
    try {
      return hopsOfSystem(await electron.resolveProxy(url.href)).map(withCredentials);
    } catch {
      log.warn('network', 'the system does not tell its proxy; going without');
      return [{ kind: 'direct' }];
    }
  };
}
