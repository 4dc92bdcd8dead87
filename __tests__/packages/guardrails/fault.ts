import type { Edit } from "./edit";
import type { GoodStackName } from "./good-stacks";

/** A mistake in a stack, and what catches it. */
export interface Fault {
  readonly fault: string;
  /** The good stack that it is planted in. */
  readonly in: GoodStackName;
  readonly plant: Edit;
  /** Id of a rule, or the Terraform command that catches it before anything is changed. */
  readonly caughtBy: string;
  /** Other rules that must find it too, because the fault breaks more than one thing. */
  readonly also?: readonly string[];
  /**
   * The correct form, if the good stack has nothing of the kind. "without it" if the rule accepts no form.
   * @default the good stack
   */
  readonly fixed?: Edit | "without it";
}
