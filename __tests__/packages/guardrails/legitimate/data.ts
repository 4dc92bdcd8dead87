import { add, both } from "../edit";
import type { Legitimate } from "./legitimate";
import { table } from "./parts";

const scaled = (resource: string, kind: "table" | "index") =>
  ["ReadCapacityUnits", "WriteCapacityUnits"].map((name) =>
    add("aws_appautoscaling_target", `${kind}-${name}`, {
      resource_id: resource,
      scalable_dimension: `dynamodb:${kind}:${name}`,
      service_namespace: "dynamodb",
      min_capacity: 1,
      max_capacity: 100,
    }),
  );

const owner = { name: "owner", type: "S" };
const id = { name: "id", type: "S" };

/** Tables with capacity, replicas, indexes and imports. */
export const dataVariants: readonly Legitimate[] = [
  {
    variant: "a provisioned table that scales, with an index that scales",
    parts: both(
      table("t", {
        billing_mode: "PROVISIONED",
        read_capacity: 5,
        write_capacity: 5,
        attribute: [id, owner],
        global_secondary_index: [
          {
            name: "by-owner",
            hash_key: "owner",
            projection_type: "ALL",
            read_capacity: 5,
            write_capacity: 5,
          },
        ],
        lifecycle: { prevent_destroy: true, ignore_changes: ["read_capacity", "write_capacity"] },
      }),
      ...scaled("table/${aws_dynamodb_table.t.name}", "table"),
      ...scaled("table/${aws_dynamodb_table.t.name}/index/by-owner", "index"),
    ),
  },
  {
    variant: "a global table",
    parts: table("t", {
      replica: [{ region_name: "eu-north-1" }],
      stream_enabled: true,
      stream_view_type: "NEW_AND_OLD_IMAGES",
    }),
  },
  {
    variant: "time to live beside local indexes",
    parts: table("t", {
      range_key: "at",
      attribute: [id, { name: "at", type: "N" }, { name: "state", type: "S" }],
      local_secondary_index: [{ name: "by-state", range_key: "state", projection_type: "KEYS_ONLY" }],
      ttl: { enabled: true, attribute_name: "expiresAt" },
    }),
  },
  {
    variant: "a table imported from S3",
    parts: table("t", {
      import_table: { input_format: "DYNAMODB_JSON", s3_bucket_source: { bucket: "exports" } },
    }),
  },
  {
    variant: "an on-demand table with a maximum throughput",
    parts: table("t", {
      on_demand_throughput: { max_read_request_units: 100, max_write_request_units: 100 },
    }),
  },
  {
    variant: "an index that includes some attributes",
    parts: table("t", {
      attribute: [id, owner],
      global_secondary_index: [
        {
          name: "by-owner",
          hash_key: "owner",
          projection_type: "INCLUDE",
          non_key_attributes: ["state", "total"],
        },
      ],
    }),
  },
  {
    variant: "indexes of keys only and of everything",
    parts: table("t", {
      attribute: [id, owner, { name: "at", type: "N" }],
      global_secondary_index: [
        { name: "by-owner", hash_key: "owner", range_key: "at", projection_type: "KEYS_ONLY" },
        { name: "by-time", hash_key: "at", projection_type: "ALL" },
      ],
    }),
  },
  {
    variant: "an index whose projection is a variable",
    parts: table("t", {
      attribute: [id, owner],
      global_secondary_index: [
        {
          name: "${var.index}",
          hash_key: "owner",
          projection_type: "${var.projection}",
          non_key_attributes: "${var.attributes}",
        },
      ],
    }),
  },
  {
    variant: "a table of infrequent access with contributor insights",
    parts: both(
      table("t", { table_class: "STANDARD_INFREQUENT_ACCESS" }),
      add("aws_dynamodb_contributor_insights", "t", { table_name: "${aws_dynamodb_table.t.name}" }),
    ),
  },
  {
    variant: "a table with a binary key",
    parts: table("t", { attribute: [{ name: "id", type: "B" }] }),
  },
  {
    variant: "a table restored from another",
    parts: table("t", { restore_source_name: "orders", restore_to_latest_time: true }),
  },
];
