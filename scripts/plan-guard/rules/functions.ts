import { endOfPermission, permissionChange } from "../access/function-permissions";
import { type AttributeChange, access, loss, noLoss, type TypeRule, type Verdict } from "./attribute-rule";
import { changesOfVariables } from "./variables";
import {
  disables,
  harmless,
  identity,
  keeps,
  leavesItsRange,
  limits,
  removes,
  removesOrTells,
  shortens,
  starves,
  tells,
} from "./vocabulary";

const ofFunction = {
  partOf: [{ type: "aws_lambda_function", by: [["function_name", "function_name"]] }],
} as const;

const failures = "what the function fails at for good is lost";
const receivesFailures = (where: string) => `what the function fails at for good now goes to ${where}`;
const events = "changes in the source are handled by nobody, and are lost when their time is over";

/** Lambda functions and what calls them. */
export const functions: Readonly<Record<string, TypeRule>> = {
  aws_lambda_function: {
    end: "its callers get errors, and its versions are lost",
    attributes: {
      function_name: identity,
      role: tells(({ after }) => `the function now acts as ${after ?? "nobody"}`),
      reserved_concurrent_executions: limits(
        "its callers are throttled",
        "other functions can use up the executions that are reserved for it",
        { unlimited: [-1] },
      ),
      timeout: starves("calls end before they are done", { unset: 3 }),
      memory_size: starves("calls are slower, or fail for lack of memory", { unset: 128 }),
      "dead_letter_config.target_arn": removesOrTells(failures, receivesFailures),
      "environment.variables": changesOfVariables,
      kms_key_arn: removes("its environment variables are encrypted with another key"),
      code_signing_config_arn: removes("code that nobody signed can be deployed"),
      "tracing_config.mode": keeps("its calls may no longer be traced", "more"),
      "logging_config.log_group": removes("its log lines go elsewhere, and whoever reads them finds none"),
      "logging_config.log_format": removes(
        "searches, filters and metrics no longer understand its log lines",
      ),
      "logging_config.application_log_level": keeps("log lines that somebody may read are left out or added"),
      "logging_config.system_log_level": keeps("log lines that somebody may read are left out or added"),
      publish: disables("new code is published as no version, so it is never released"),
      vpc_config: keeps("other networks may be reached, or none"),
      file_system_config: removes("its files are gone"),
      skip_destroy: harmless("terraform"),
      replace_security_groups_on_destroy: harmless("terraform"),
      replacement_security_group_ids: harmless("terraform"),
      ephemeral_storage: harmless("cost"),
      snap_start: harmless("cost"),
      architectures: harmless("code"),
      filename: harmless("code"),
      handler: harmless("code"),
      image_config: harmless("code"),
      image_uri: harmless("code"),
      layers: harmless("code"),
      package_type: harmless("code"),
      runtime: harmless("code"),
      s3_bucket: harmless("code"),
      s3_key: harmless("code"),
      s3_object_version: harmless("code"),
      source_code_hash: harmless("code"),
    },
  },
  aws_lambda_alias: {
    end: "whoever calls the function through the alias gets an error",
    ...ofFunction,
    attributes: {
      name: identity,
      function_name: identity,
      function_version: changeOfVersion,
      routing_config: keeps("some callers get another version"),
    },
  },
  aws_lambda_event_source_mapping: {
    end: `${events}; a new mapping starts where it is told to, not where this one was`,
    // A table's stream ends with the table.
    partOf: [{ type: "aws_dynamodb_table", by: [["event_source_arn", "stream_arn"]] }],
    attributes: {
      enabled: disables(events, true),
      event_source_arn: identity,
      function_name: keeps("another function handles the source's changes"),
      starting_position: identity,
      starting_position_timestamp: identity,
      filter_criteria: keeps("changes that the filter leaves out are handled by nobody"),
      maximum_record_age_in_seconds: shortens("a failed batch is given up sooner", { unlimited: [-1] }),
      maximum_retry_attempts: shortens("a failed batch is given up sooner", { unlimited: [-1] }),
      bisect_batch_on_function_error: disables("one bad record makes its whole batch fail"),
      function_response_types: removes("one failed record makes its whole batch fail or pass"),
      "destination_config.on_failure.destination_arn": removesOrTells(failures, receivesFailures),
      batch_size: leavesItsRange("batches are of another size than the function was made for"),
      maximum_batching_window_in_seconds: leavesItsRange("changes are handled later", { unset: 0 }),
      parallelization_factor: leavesItsRange("changes are handled later", { unset: 1 }),
      tumbling_window_in_seconds: keeps("the function gets other batches"),
      metrics_config: removes("the mapping's metrics end"),
      scaling_config: keeps("changes are handled later"),
      provisioned_poller_config: harmless("cost"),
      kms_key_arn: removes("its filter is encrypted with another key"),
      amazon_managed_kafka_event_source_config: identity,
      document_db_event_source_config: identity,
      queues: identity,
      self_managed_event_source: identity,
      self_managed_kafka_event_source_config: identity,
      source_access_configuration: identity,
      topics: identity,
    },
  },
  aws_lambda_function_event_invoke_config: {
    end: "asynchronous calls are retried and kept as AWS decides",
    ...ofFunction,
    configures: true,
    attributes: {
      function_name: identity,
      qualifier: identity,
      maximum_event_age_in_seconds: shortens("an asynchronous call is given up sooner", { unset: 21_600 }),
      maximum_retry_attempts: shortens("an asynchronous call is given up sooner", { unset: 2 }),
      "destination_config.on_failure.destination": removesOrTells(failures, receivesFailures),
      "destination_config.on_success.destination": removesOrTells(
        "whoever reads the results gets no more",
        (where) => `results of asynchronous calls now go to ${where}`,
      ),
    },
  },
  aws_lambda_permission: {
    end: endOfPermission,
    replaced: "derived",
    ...ofFunction,
    attributes: {
      action: harmless("derived"),
      event_source_token: harmless("derived"),
      function_name: harmless("derived"),
      function_url_auth_type: harmless("derived"),
      principal: harmless("derived"),
      principal_org_id: harmless("derived"),
      qualifier: harmless("derived"),
      source_account: harmless("derived"),
      source_arn: harmless("derived"),
      statement_id: harmless("text"),
      statement_id_prefix: harmless("text"),
    },
    asWhole: permissionChange,
  },
  aws_lambda_function_url: {
    end: "its URL, which callers use, is lost",
    ...ofFunction,
    attributes: {
      function_name: identity,
      qualifier: identity,
      authorization_type: opensUrl,
      cors: keeps("other pages in browsers may call the function"),
      invoke_mode: keeps("callers get responses in another way"),
    },
  },
};

function opensUrl({ after, unknown, resource }: AttributeChange): readonly Verdict[] {
  const name = `function ${resource.after?.function_name}`;
  if (unknown || after === "NONE") return [{ kind: "loss", text: `anybody may call ${name}`, opens: true }];
  return [resource.isNew ? access(`${name} now has a URL, for callers with credentials`) : noLoss("tighter")];
}

/** A version that the plan publishes has no number yet. */
function changeOfVersion({ before, after, unknown }: AttributeChange): readonly Verdict[] {
  if (unknown || Number(after) > Number(before)) return [noLoss("code")];
  return [loss(`callers get version ${after ?? "none"} instead of ${before}, which was released later`)];
}
