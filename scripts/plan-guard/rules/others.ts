import { type AttributeChange, loss, noLoss, type TypeRule, type Verdict } from "./attribute-rule";
import { asList, asRecord } from "./values";
import { harmless, identity, keeps, overgrows, removes } from "./vocabulary";

const readersFind = "whoever reads the parameter finds something else";

/** Parameters, names in DNS, the firewall and the budget, and types of which only the end is judged. */
export const others: Readonly<Record<string, TypeRule>> = {
  aws_ssm_parameter: {
    end: ({ before }) => `whoever reads ${before?.name} gets an error`,
    attributes: {
      name: identity,
      value: changeOfParameter,
      insecure_value: changeOfParameter,
      value_wo: harmless("derived"),
      value_wo_version: keeps(readersFind),
      type: keeps("readers that do not decrypt get something else"),
      key_id: removes(
        "the value is encrypted with another key, and whoever may not use that one cannot read it",
      ),
      data_type: harmless("text"),
      allowed_pattern: harmless("text"),
      overwrite: harmless("terraform"),
      tier: harmless("cost"),
      arn: harmless("derived"),
    },
  },
  aws_route53_record: {
    end: ({ before }) => `callers no longer find ${before?.name}`,
    attributes: {
      name: identity,
      type: identity,
      zone_id: identity,
      set_identifier: identity,
      allow_overwrite: harmless("terraform"),
      ttl: overgrows("callers follow a later change later"),
      ...Object.fromEntries(
        [
          ...["alias", "records", "health_check_id", "multivalue_answer_routing_policy"],
          ...["weighted", "latency", "geolocation", "geoproximity", "failover", "cidr"].map(
            (name) => `${name}_routing_policy`,
          ),
        ].map((name) => [name, keeps("callers are sent elsewhere")]),
      ),
    },
  },
  aws_wafv2_web_acl: {
    end: "requests are no longer filtered",
    attributes: {
      name: identity,
      name_prefix: harmless("derived"),
      scope: identity,
      rule: keeps("requests that are blocked today may get through, and callers of today may be blocked"),
      rule_json: keeps(
        "requests that are blocked today may get through, and callers of today may be blocked",
      ),
      default_action: keeps("requests that no rule matches are all blocked, or all let through"),
      visibility_config: weakensVisibility,
      association_config: keeps("more or less of a request's body is looked at"),
      captcha_config: keeps("callers must prove more or less often that they are people"),
      challenge_config: keeps("callers must prove more or less often that they are browsers"),
      custom_response_body: keeps("blocked callers get another response"),
      data_protection_config: keeps("more or less of a request is shown in logs"),
      token_domains: keeps("callers' tokens are accepted by other domains"),
    },
  },
  aws_wafv2_web_acl_association: {
    end: "the API's requests are no longer filtered",
    attributes: {
      resource_arn: identity,
      web_acl_arn: keeps("the API's requests are filtered by other rules"),
    },
  },
  aws_budgets_budget: {
    end: "nobody is told any more when costs rise",
    attributes: {
      name: identity,
      name_prefix: harmless("derived"),
      account_id: identity,
      budget_type: keeps("something else than costs is watched"),
      limit_amount: overgrows("costs may more than double before anybody is told"),
      limit_unit: keeps("costs are compared in another unit"),
      time_unit: keeps("costs of another time are compared"),
      time_period_start: keeps("costs of another time are compared"),
      time_period_end: keeps("the budget ends, and nobody is told after it"),
      cost_filter: keeps("some costs are left out"),
      cost_types: keeps("some costs are left out"),
      planned_limit: keeps("costs may more than double before anybody is told"),
      auto_adjust_data: keeps("the limit follows the costs"),
      notification: removes("whoever is notified today is told no more when costs rise"),
    },
  },
  ...endsOnly({
    aws_apigatewayv2_api: "its URL, which callers use, is lost",
    aws_cloudwatch_event_archive: "its archived events are lost",
    aws_cloudwatch_event_rule: "its targets get no more events",
    aws_cloudwatch_event_target: "the target gets no more events",
    aws_cognito_user_pool: "its users are lost",
    aws_db_instance: "its data is lost",
    aws_efs_file_system: "its files are lost",
    aws_kinesis_stream: "its records are lost",
    aws_rds_cluster: "its data is lost",
    aws_s3_directory_bucket: "its objects are lost",
    aws_secretsmanager_secret: "the secret is lost",
  }),
  output: {
    end: ({ address }) => `whoever reads ${address} gets an error`,
    attributes: { value: keeps("whoever reads the output finds something else") },
  },
  null_resource: { end: { harmless: "terraform" }, attributes: { triggers: harmless("terraform") } },
  terraform_data: {
    end: { harmless: "terraform" },
    attributes: {
      input: harmless("terraform"),
      triggers_replace: harmless("terraform"),
    },
  },
};

/** Types of which only the end is known. Their attributes are judged by their names, or said not to be judged. */
function endsOnly(ends: Readonly<Record<string, string>>): Readonly<Record<string, TypeRule>> {
  return Object.fromEntries(Object.entries(ends).map(([type, end]) => [type, { end, attributes: {} }]));
}

/**
 * A parameter that two resources write is Terraform's own note: the one reads what the last run left, the other replaces it.
 * Nobody else reads it.
 */
function changeOfParameter(change: AttributeChange): readonly Verdict[] {
  const { before, after, others } = change.resource;
  const name = before?.name ?? after?.name;
  const isNote = others("aws_ssm_parameter", "after").some((other) => other.name === name);
  return isNote ? [noLoss("terraform")] : keeps(readersFind)(change);
}

/** What alarms and dashboard see: metrics by their name, and samples of requests. */
function weakensVisibility({ before, after, unknown }: AttributeChange): readonly Verdict[] {
  const [from, to] = [before, after].map((block) => asRecord(asList(block)[0]) ?? {});
  const ends = ["cloudwatch_metrics_enabled", "sampled_requests_enabled"].some(
    (name) => from?.[name] === true && to?.[name] !== true,
  );
  const isRenamed = from?.metric_name !== undefined && from.metric_name !== to?.metric_name;
  return [
    unknown || ends || isRenamed
      ? loss("alarms and dashboard no longer see what is blocked")
      : noLoss("tighter"),
  ];
}
