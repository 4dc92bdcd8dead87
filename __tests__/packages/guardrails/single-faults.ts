import { add, both, copy, type Edit, set } from "./edit";
import type { Fault } from "./fault";

/** A second resource that sets what a queue already has, and the same for another queue. */
const second = (caughtBy: string, fault: string, plant: Edit, fixed: Edit): Fault => ({
  in: "worker",
  caughtBy,
  fault,
  plant,
  fixed,
});

const asynchronous = (qualifier: string): Edit =>
  both(
    add("aws_lambda_function_event_invoke_config", "first", {
      function_name: "${aws_lambda_function.worker.function_name}",
      qualifier: "7",
    }),
    add("aws_lambda_function_event_invoke_config", "second", {
      function_name: "${aws_lambda_function.worker.arn}",
      qualifier,
    }),
  );

/** Faults in how often something is set of which AWS keeps one. */
export const singleFaults: readonly Fault[] = [
  second(
    "stack-one-per-parent",
    "two policies for one queue, by its id and by its url",
    both(
      copy("aws_sqs_queue_policy", "jobs", "again"),
      set("aws_sqs_queue_policy", "again", "queue_url", "${aws_sqs_queue.jobs.url}"),
    ),
    set("aws_sqs_queue_policy", "jobs", "queue_url", "${aws_sqs_queue.jobs.url}"),
  ),
  second(
    "stack-one-per-parent",
    "two event-invoke configurations for one version",
    asynchronous("7"),
    asynchronous("8"),
  ),
];
