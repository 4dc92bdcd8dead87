import {
  DescribeAccountPoliciesCommand,
  DescribeResourcePoliciesCommand,
  GetDataProtectionPolicyCommand,
  paginateDescribeMetricFilters,
  paginateDescribeSubscriptionFilters,
} from "@aws-sdk/client-cloudwatch-logs";
import { statementsOf } from "../../verify/policies";
import { all, beside, type Probe, unlessAbsent } from "./probe";

const type = "aws_cloudwatch_log_group";

/** Who else receives, counts or may write log lines. */
export const logProbes: readonly Probe[] = [
  {
    type,
    kind: "subscriptions",
    strangers: async ({ name: logGroupName }, { clients: { logs: client }, planned }) => {
      const filters = await all(
        paginateDescribeSubscriptionFilters({ client }, { logGroupName: `${logGroupName}` }),
        ({ subscriptionFilters }) => subscriptionFilters,
      );
      return beside(
        filters.map(({ filterName, destinationArn }) => `${filterName} to ${destinationArn}`),
        planned("aws_cloudwatch_log_subscription_filter")
          .filter(({ log_group_name: group }) => group === logGroupName)
          .map(({ name, destination_arn: destination }) => `${name} to ${destination}`),
        (filter) => `the subscription ${filter}`,
      );
    },
  },
  {
    type,
    kind: "metric filters",
    strangers: async ({ name: logGroupName }, { clients: { logs: client }, planned }) => {
      const filters = await all(
        paginateDescribeMetricFilters({ client }, { logGroupName: `${logGroupName}` }),
        ({ metricFilters }) => metricFilters,
      );
      const strangers = beside(
        filters.map(({ filterName }) => filterName),
        planned("aws_cloudwatch_log_metric_filter").map(({ name }) => name),
        (name) => `the metric filter ${name}`,
      );
      return strangers.map(({ what }) => ({ what, harmless: true }));
    },
  },
  {
    type,
    kind: "data protection policy",
    strangers: async ({ name: logGroupIdentifier }, { clients, planned }) => {
      const found = await unlessAbsent(
        clients.logs.send(
          new GetDataProtectionPolicyCommand({ logGroupIdentifier: `${logGroupIdentifier}` }),
        ),
      );
      const isPlanned = planned("aws_cloudwatch_log_data_protection_policy").length > 0;
      return found?.policyDocument && !isPlanned ? [{ what: "a data protection policy" }] : [];
    },
  },
  {
    type,
    kind: "the account's resource policies",
    strangers: async ({ arn }, { clients, planned }) => {
      const { resourcePolicies = [] } = await clients.logs.send(new DescribeResourcePoliciesCommand({}));
      const known = new Set(
        planned("aws_cloudwatch_log_resource_policy").map(({ policy_name: name }) => name),
      );
      return resourcePolicies
        .filter(({ policyName }) => !known.has(policyName))
        .flatMap(({ policyName, policyDocument }) =>
          statementsOf(policyDocument)
            .filter(({ Effect, Principal, Resource }) => {
              const isService =
                typeof Principal === "object" && Object.keys({ ...Principal }).join() === "Service";
              return Effect === "Allow" && !isService && covers([Resource].flat(), `${arn}`);
            })
            .map(({ Principal }) => ({
              what: `access by ${JSON.stringify(Principal)}, which the account's policy ${policyName} allows`,
            })),
        );
    },
  },
  {
    type,
    kind: "the account's subscriptions",
    strangers: async (_, { clients, planned }) => {
      const { accountPolicies = [] } = await clients.logs.send(
        new DescribeAccountPoliciesCommand({ policyType: "SUBSCRIPTION_FILTER_POLICY" }),
      );
      return beside(
        accountPolicies.map(({ policyName }) => policyName),
        planned("aws_cloudwatch_log_account_policy").map(({ policy_name: name }) => name),
        (name) => `the account's subscription ${name}, which receives the lines of every group`,
      );
    },
  },
];

/** Whether one of the patterns matches a group's ARN, with or without its streams. */
function covers(patterns: readonly unknown[], arn: string): boolean {
  return patterns.some((pattern) => {
    const expression = `${pattern}`
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    return [arn, `${arn}:*`].some((one) => new RegExp(`^${expression}$`).test(one));
  });
}
