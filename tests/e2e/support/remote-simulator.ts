import type { IssuedSet, Revocation } from '../../simulator/cafe24-state.ts';
import type { Fault } from '../../simulator/faults.ts';
import type { IssueOverrides } from '../../simulator/simulator.ts';
import type { TokenRequestRecord } from '../../simulator/token-record.ts';

/** The simulator as another process meets it: over its HTTP commands alone. */
export interface RemoteSimulator {
  /** Epoch ms of its clock. */
  now(): Promise<number>;
  advance(ms: number): Promise<void>;
  setNow(at: number): Promise<void>;
  /** Every request that reached the token endpoint, oldest first. */
  requests(): Promise<readonly TokenRequestRecord[]>;
  /** Lets the next request it fits meet this. */
  plant(fault: Fault): Promise<void>;
  clearFaults(): Promise<void>;
  /** Every revocation that was in order, oldest first. */
  revocations(): Promise<readonly Revocation[]>;
  /** A set as an earlier consent would have left it. Counts as no request. */
  issue(mallId: string, overrides?: IssueOverrides): Promise<IssuedSet>;
  /** From now on a refresh moves the refresh token's deadline, or does not. */
  setDeadline(kind: 'rolling' | 'fixed'): Promise<void>;
  /** Refuses every refresh with a bare 403, or no more. */
  forbidRefreshes(forbidden: boolean): Promise<void>;
  /** Re-issues the app's client secret: every token of the app is dead. */
  changeSecret(clientId: string, newSecret: string): Promise<void>;
}

export function remoteSimulator(origin: string): RemoteSimulator {
  const call = async (
    method: 'GET' | 'POST' | 'DELETE',
    command: string,
    body?: unknown,
  ): Promise<unknown> => {
    const reply = await fetch(`${origin}/__${command}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!reply.ok) throw new Error(`/__${command}: ${reply.status} ${await reply.text()}`);
    return reply.json();
  };
  return {
    now: async () => ((await call('GET', 'clock')) as { now: number }).now,
    async advance(ms) {
      await call('POST', 'clock', { advance: ms });
    },
    async setNow(at) {
      await call('POST', 'clock', { now: at });
    },
    requests: async () =>
      ((await call('GET', 'requests')) as { requests: readonly TokenRequestRecord[] }).requests,
    async plant(fault) {
      await call('POST', 'faults', fault);
    },
    async clearFaults() {
      await call('DELETE', 'faults');
    },
    revocations: async () =>
      ((await call('GET', 'revocations')) as { revocations: readonly Revocation[] }).revocations,
    issue: async (mallId, overrides = {}) =>
      (await call('POST', 'issue', { mallId, ...overrides })) as IssuedSet,
    async setDeadline(kind) {
      await call('POST', 'deadline', { kind });
    },
    async forbidRefreshes(forbidden) {
      const fault = { kind: 'forbidden', grantType: 'refresh_token', times: 'always' };
      if (forbidden) await call('POST', 'faults', fault);
      else await call('DELETE', 'faults');
    },
    async changeSecret(clientId, newSecret) {
      await call('POST', 'secret', { clientId, newSecret });
    },
  };
}
