/** The metrics that an AWS service publishes to CloudWatch, and their dimensions. */
export interface MetricNamespace {
  readonly metrics: RegExp;
  /** Dimensions that every metric in the namespace has. */
  readonly dimensions: readonly string[];
  readonly furtherDimensions: readonly string[];
  /** The resource type and attribute that a dimension's value refers to. */
  readonly names?: { readonly dimension: string; readonly type: string; readonly attribute: string };
}

/** Source: each service's "… metrics and dimensions" page in AWS's documentation. */
export const metricNamespaces: Readonly<Record<string, MetricNamespace>> = {
  "AWS/Lambda": {
    metrics:
      /^(Invocations|Errors|DeadLetterErrors|DestinationDeliveryFailures|Throttles|Duration|PostRuntimeExtensionsDuration|IteratorAge|OffsetLag|ConcurrentExecutions|ProvisionedConcurren(cyInvocations|cySpilloverInvocations|cyUtilization|tExecutions)|UnreservedConcurrentExecutions|ClaimedAccountConcurrency|AsyncEvent(sReceived|Age|sDropped)|RecursiveInvocationsDropped|ResponseStreaming\w+|(Polled|Invoked|FilteredOut|FailedInvoke|Deleted|DroppedEvent|OnFailureDestinationDelivered)EventCount|OversizedRecordCount|SignatureValidationErrors|ProvisionedPollers|EventPollerUnit)$/,
    dimensions: [],
    furtherDimensions: ["FunctionName", "Resource", "ExecutedVersion", "EventSourceMappingUUID"],
    names: { dimension: "FunctionName", type: "aws_lambda_function", attribute: "function_name" },
  },
  "AWS/ApiGateway": {
    metrics:
      /^(4XXError|5XXError|4xx|5xx|Count|Latency|IntegrationLatency|CacheHitCount|CacheMissCount|DataProcessed|ConnectCount|MessageCount|IntegrationError|ClientError|ExecutionError)$/,
    dimensions: [],
    furtherDimensions: ["ApiName", "ApiId", "Stage", "Method", "Resource", "Route"],
    names: { dimension: "ApiName", type: "aws_api_gateway_rest_api", attribute: "name" },
  },
  "AWS/DynamoDB": {
    metrics:
      /^(AccountMaxReads|AccountMaxWrites|AccountMax(Table|Provisioned)\w+|AccountProvisioned\w+|AgeOfOldestUnreplicatedRecord|ConditionalCheckFailedRequests|Consumed(Read|Write)CapacityUnits|ConsumedChangeDataCaptureUnits|FailedToReplicateRecordCount|FaultInjectionServiceInducedErrors|MaxProvisionedTable\w+|OnDemandMax\w+|OnlineIndex\w+|PendingReplicationCount|Provisioned(Read|Write)CapacityUnits|(Read|Write)(AccountLimit|KeyRange|Max\w+|Provisioned)?\w*Throttle(d)?Events|ReplicationLatency|ReturnedBytes|ReturnedItemCount|ReturnedRecordsCount|SuccessfulRequestLatency|SystemErrors|TimeToLiveDeletedItemCount|ThrottledPutRecordCount|ThrottledRequests|TransactionConflict|UserErrors)$/,
    dimensions: [],
    furtherDimensions: [
      "TableName",
      "GlobalSecondaryIndexName",
      "Operation",
      "OperationType",
      "ReceivingRegion",
      "StreamLabel",
      "DelegatedOperation",
      "Verb",
    ],
    names: { dimension: "TableName", type: "aws_dynamodb_table", attribute: "name" },
  },
  "AWS/SQS": {
    metrics:
      /^(ApproximateAgeOfOldestMessage|ApproximateNumberOf(GroupsWithInflightMessages|MessagesDelayed|MessagesNotVisible|MessagesVisible|NoisyGroups)|NumberOf(DeduplicatedSentMessages|EmptyReceives|MessagesDeleted|MessagesReceived|MessagesSent)|SentMessageSize)\w*$/,
    dimensions: ["QueueName"],
    furtherDimensions: [],
    names: { dimension: "QueueName", type: "aws_sqs_queue", attribute: "name" },
  },
  "AWS/Firehose": {
    metrics:
      /^((BackupToS3|DeliveryTo\w+|DataReadFrom\w+|DeliveryToS3)\.\w+|IncomingBytes|IncomingRecords|IncomingPutRequests|(Bytes|Records|PutRequests)PerSecondLimit|ThrottledRecords|KinesisMillisBehindLatest|ActivePartitionsLimit|PartitionCount|PartitionCountExceeded|JQProcessing\.\w+|PerPartitionThroughput|ExecuteProcessing\.\w+|SucceedProcessing\.\w+|SucceedConversion\.\w+|FailedConversion\.\w+|KMSKey\w+|PutRecord(Batch)?\.\w+|DescribeDeliveryStream\.\w+|ListDeliveryStreams\.\w+|UpdateDeliveryStream\.\w+|ThrottledDescribeStream|ThrottledGetRecords|ThrottledGetShardIterator|SourceThrottled\.\w+|FailedValidation\.\w+)$/,
    dimensions: ["DeliveryStreamName"],
    furtherDimensions: [],
    names: {
      dimension: "DeliveryStreamName",
      type: "aws_kinesis_firehose_delivery_stream",
      attribute: "name",
    },
  },
  "AWS/SNS": {
    metrics: /^(NumberOfMessagesPublished|NumberOfNotifications\w+|PublishSize|SMS\w+)$/,
    dimensions: [],
    furtherDimensions: ["TopicName", "Application", "Country", "Platform", "SMSType", "PhoneNumber"],
    names: { dimension: "TopicName", type: "aws_sns_topic", attribute: "name" },
  },
  "AWS/Events": {
    metrics:
      /^(DeadLetterInvocations|Events|FailedInvocations|Ingestion\w+|InvocationAttempts|Invocations\w*|MatchedEvents|PutEvents\w+|PutPartnerEvents\w+|RetryInvocationAttempts|SuccessfulInvocationAttempts|ThrottledRules|TriggeredRules)$/,
    dimensions: [],
    furtherDimensions: ["RuleName", "EventBusName", "EventSourceName"],
  },
};
