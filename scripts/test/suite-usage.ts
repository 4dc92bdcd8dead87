/** What one suite took, and which deployment it used: a line of JSON in the file that TEST_USAGE names. */
export type SuiteUsage =
  | {
      /** Relative to __tests__. */
      readonly suite: string;
      readonly seconds: number;
      /** Of the suite and of the commands that it ran and that have ended. Only Linux tells the latter. */
      readonly cpuSeconds: number;
    }
  | { readonly suite: string; readonly deployment: string };
