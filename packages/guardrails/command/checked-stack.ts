import type { Violation } from "../check-stack";

/** A synthesized stack, and what the rules found in it. */
export interface CheckedStack {
  readonly name: string;
  /** The stack's JSON file, relative to the working directory, with forward slashes. */
  readonly file: string;
  readonly violations: readonly (Violation & {
    /** Where the resource is in the file, from 1. Line 1 stands for the stack itself. */
    readonly line: number;
  })[];
  readonly optionProblems: readonly string[];
}
