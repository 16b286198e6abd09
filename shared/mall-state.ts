/** The states of a mall, most urgent first: the order is the precedence (docs/keeper.md, 17). */
export const MALL_STATES = [
  'NEEDS_REAUTH',
  'BLOCKED',
  'UNCONFIRMED',
  'CRITICAL',
  'EXPIRING',
  'HEALTHY',
] as const;

export type MallState = (typeof MALL_STATES)[number];
