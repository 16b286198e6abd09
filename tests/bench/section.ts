/** What a part of the run found out: tables and plots for people, goals that the run is judged by. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Plot {
  /** File name below docs/benchmarks/. */
  readonly file: string;
  readonly alt: string;
  readonly svg: string;
}

export interface Goal {
  readonly what: string;
  readonly measured: string;
  readonly goal: string;
  readonly isMet: boolean;
  /** The quick run fails only by this one: a count, or a ratio with a wide margin. */
  readonly isCertain: boolean;
  /** It stands in the README too. */
  readonly isHeadline?: true;
  /** Why it is not met: measured parts, nothing that was only thought. */
  readonly why?: string;
}

export interface Section {
  readonly title: string;
  readonly text: readonly string[];
  readonly tables: readonly Table[];
  readonly plots: readonly Plot[];
  readonly goals: readonly Goal[];
}

/** A part of the run; `quick` keeps it short. */
export type Measure = (quick: boolean) => Promise<Section>;
