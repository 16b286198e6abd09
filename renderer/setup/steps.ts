/** The steps of the guided set-up, in order. */
export const FIRST_RUN = ['shop', 'return', 'scopes', 'store', 'warnings', 'connect'] as const;
/** Another shop keeps its tokens and sends its warnings where the first does. */
export const ANOTHER_SHOP = ['shop', 'return', 'scopes', 'connect'] as const;

export type Step = (typeof FIRST_RUN)[number];

/** The step behind or before; the same at either end. */
export function stepBeside(steps: readonly Step[], step: Step, by: 1 | -1): Step {
  return steps[steps.indexOf(step) + by] ?? step;
}
