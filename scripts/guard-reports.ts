/** What a run of the tests without their guards came to: written by `guards.ts`, read by a test. */
import { z } from 'zod';

const schema = z.array(
  z.object({
    guard: z.string(),
    /** By the names of the table: how each of its tests ended without the guard. */
    tests: z.array(z.object({ name: z.string(), verdict: z.string() })),
  }),
);

export type GuardReport = z.infer<typeof schema>[number];

/** A test that failed by what it asserts; one that could not even run proves nothing. */
export const RED = 'red';

export function parseGuardReports(text: string): readonly GuardReport[] {
  return schema.parse(JSON.parse(text));
}
