/** What one suite took, and which deployment it used: a line of JSON in the file that TEST_USAGE names. */
export type SuiteUsage =
  | {
      /** Relative to __tests__. */
      readonly suite: string;
      readonly seconds: number;
      /** CPU time of the suite and, on Linux, of the commands that it ran to their end. */
      readonly cpuSeconds: number;
    }
  | { readonly suite: string; readonly deployment: string };
