import {
  DescribeContributorInsightsCommand,
  DescribeKinesisStreamingDestinationCommand,
  GetResourcePolicyCommand,
} from "@aws-sdk/client-dynamodb";
import { paginateListGrants } from "@aws-sdk/client-kms";
import {
  ListBucketAnalyticsConfigurationsCommand,
  ListBucketIntelligentTieringConfigurationsCommand,
  ListBucketInventoryConfigurationsCommand,
} from "@aws-sdk/client-s3";
import { paginateListDeadLetterSourceQueues } from "@aws-sdk/client-sqs";
import { mappings } from "./functions";
import { type Attributes, all, beside, type Look, type Probe, type Stranger, unlessAbsent } from "./probe";

/** What reads, copies or opens the table, the queue, the buckets and the key. */
export const dataProbes: readonly Probe[] = [
  ...(["arn", "stream_arn"] as const).map(
    (attribute): Probe => ({
      type: "aws_dynamodb_table",
      kind: attribute === "arn" ? "resource policy" : "resource policy of its stream",
      strangers: (table, look) => tablePolicy(table[attribute], look),
    }),
  ),
  {
    type: "aws_dynamodb_table",
    kind: "streaming destinations",
    strangers: async ({ name }, { clients, planned }) => {
      const found = await clients.dynamoDb.send(
        new DescribeKinesisStreamingDestinationCommand({ TableName: `${name}` }),
      );
      const live = (found.KinesisDataStreamDestinations ?? []).filter(
        ({ DestinationStatus }) => DestinationStatus !== "DISABLED",
      );
      return beside(
        live.map(({ StreamArn }) => StreamArn),
        planned("aws_dynamodb_kinesis_streaming_destination").map(({ stream_arn: arn }) => arn),
        (arn) => `a copy of its changes to ${arn}`,
      );
    },
  },
  {
    type: "aws_dynamodb_table",
    kind: "contributor insights",
    strangers: async ({ name }, { clients, planned }) => {
      const found = await clients.dynamoDb.send(
        new DescribeContributorInsightsCommand({ TableName: `${name}` }),
      );
      const isOn = /^ENABL/.test(found.ContributorInsightsStatus ?? "");
      const isPlanned = planned("aws_dynamodb_contributor_insights").length > 0;
      return isOn && !isPlanned
        ? [{ what: "contributor insights, which cost money and show keys", harmless: true }]
        : [];
    },
  },
  {
    type: "aws_dynamodb_table",
    kind: "readers of its stream",
    strangers: async ({ stream_arn: arn }, look) => (arn ? mappings(look, { EventSourceArn: `${arn}` }) : []),
  },
  {
    type: "aws_sqs_queue",
    kind: "readers",
    strangers: async ({ arn }, look) => mappings(look, { EventSourceArn: `${arn}` }),
  },
  {
    type: "aws_sqs_queue",
    kind: "queues that use it for their failures",
    strangers: async ({ url }, { clients: { sqs: client }, planned }) =>
      beside(
        await all(
          paginateListDeadLetterSourceQueues({ client }, { QueueUrl: `${url}` }),
          ({ queueUrls }) => queueUrls,
        ),
        planned("aws_sqs_queue").map((queue) => queue.url),
        (other) => `the failures of ${other}`,
      ),
  },
  ...(
    [
      ["inventory reports", "aws_s3_bucket_inventory", ListBucketInventoryConfigurationsCommand],
      [
        "analytics exports",
        "aws_s3_bucket_analytics_configuration",
        ListBucketAnalyticsConfigurationsCommand,
      ],
      [
        "intelligent tiering",
        "aws_s3_bucket_intelligent_tiering_configuration",
        ListBucketIntelligentTieringConfigurationsCommand,
      ],
    ] as const
  ).map(
    ([kind, planned, Command]): Probe => ({
      type: "aws_s3_bucket",
      kind,
      strangers: async ({ bucket }, look) => {
        const found = await look.clients.s3.send(new Command({ Bucket: `${bucket}` }));
        const live = Object.values(found).find(Array.isArray) ?? [];
        return beside(
          live.map(({ Id }: { readonly Id?: string }) => Id),
          look.planned(planned).map(({ name }) => name),
          (name) => `${kind}: ${name}`,
        );
      },
    }),
  ),
  {
    type: "aws_kms_key",
    kind: "grants",
    strangers: async ({ key_id: KeyId }, { clients: { kms: client }, planned }) => {
      const grants = await all(paginateListGrants({ client }, { KeyId: `${KeyId}` }), ({ Grants }) => Grants);
      const known = new Set(planned("aws_kms_grant").map(({ grant_id: id }) => id));
      const roles = new Set(planned("aws_iam_role").map(({ arn }) => arn));
      return grants
        .filter(({ GrantId }) => !known.has(GrantId))
        .filter(({ GranteePrincipal = "", RetiringPrincipal = "" }) => {
          // Services create grants for themselves, and Lambda creates one for the role of each function.
          const isService = [GranteePrincipal, RetiringPrincipal].some((one) =>
            /\.amazonaws\.com$/.test(one),
          );
          return !isService && !roles.has(GranteePrincipal);
        })
        .map(({ GrantId, GranteePrincipal, Operations }) => ({
          what: `the grant ${GrantId} of ${Operations?.join(", ")} to ${GranteePrincipal}`,
        }));
    },
  },
];

async function tablePolicy(
  arn: Attributes[string],
  { clients, planned }: Look,
): Promise<readonly Stranger[]> {
  if (!arn || planned("aws_dynamodb_resource_policy").some((policy) => policy.resource_arn === arn))
    return [];
  const found = await unlessAbsent(
    clients.dynamoDb.send(new GetResourcePolicyCommand({ ResourceArn: `${arn}` })),
  );
  return found?.Policy ? [{ what: `the policy ${found.Policy}` }] : [];
}
