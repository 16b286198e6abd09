/**
 * Of undici what a plain request needs, and not the rest (fetch, caches, mocks, web sockets): an idle tray app's memory
 * is mostly its libraries, and the whole package takes almost twice as much.
 */
import type { Dispatcher as AnyDispatcher } from 'undici';
import requestOf from 'undici/lib/api/api-request.js';
import buildConnector from 'undici/lib/core/connect.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import Client from 'undici/lib/dispatcher/client.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';

// What the package's own entry does with all of its calls.
Object.assign(Dispatcher.prototype, { request: requestOf });

/** undici's `request`: one request to an address, no redirects. With `reset: true` its connection ends with it. */
export function request(
  dispatcher: Dispatcher,
  address: string | URL,
  options: Omit<AnyDispatcher.RequestOptions, 'origin' | 'path' | 'method'> & {
    readonly method?: AnyDispatcher.HttpMethod;
  },
): Promise<AnyDispatcher.ResponseData> {
  const { origin, pathname, search } = new URL(address);
  return dispatcher.request({ method: 'GET', ...options, origin, path: `${pathname}${search}` });
}

export { Agent, buildConnector, Client };
