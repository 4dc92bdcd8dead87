import { add } from "../edit";
import type { Legitimate } from "./legitimate";
import { fn } from "./parts";

/** Names of secrets, and values that are none. */
const harmless: Readonly<Record<string, string>> = {
  DB_SECRET_NAME: "prod/db",
  DB_SECRET: "prod/db-credentials",
  API_KEY_PARAMETER: "/shop/api-key",
  TOKEN_TABLE: "tokens",
  PASSWORD_POLICY_URL: "https://example.com/passwords",
  SECRET_ARN: "${aws_secretsmanager_secret.db.arn}",
  DB_PASSWORD: "{{resolve:secretsmanager:prod/db:SecretString:password}}",
  STRIPE_API_KEY: "/shop/stripe-api-key",
  PUBLIC_KEY: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample",
  KEY_ID: "alias/shop",
  MAX_TOKENS: "4096",
  ACCESS_TOKEN_SECONDS: "3600",
  COGNITO_CLIENT_ID: "1example23456789",
};

/** What looks like a secret and is none: its name, its place, its size. */
export const secretVariants: readonly Legitimate[] = [
  ...Object.entries(harmless).map(([name, value]) => ({
    variant: `a variable ${name}`,
    parts: fn("named", { environment: { variables: { [name]: value } } }),
  })),
  {
    variant: "a secret's value that Terraform does not store",
    parts: add("aws_secretsmanager_secret_version", "db", {
      secret_id: "${var.secret_id}",
      secret_string_wo: "${ephemeral.random_password.db.result}",
      secret_string_wo_version: 1,
    }),
  },
  {
    variant: "a secret's value that Terraform makes",
    parts: add("aws_secretsmanager_secret_version", "db", {
      secret_id: "${var.secret_id}",
      secret_string: "${random_password.db.result}",
    }),
  },
  ...Object.entries({
    "a URL": ["/shop/token-endpoint", "https://auth.example.com/token"],
    "a reference": ["/shop/secret-arn", "${aws_secretsmanager_secret.db.arn}"],
    "a UUID": ["/shop/tenant", "5b2f0d0e-1f0a-4a44-9a52-8f9f7c1a2b3c"],
    "a hash": ["/shop/release", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
  }).map(([what, [name, value]]) => ({
    variant: `a parameter that holds ${what}`,
    parts: add("aws_ssm_parameter", "p", { name, type: "String", value }),
  })),
  {
    variant: "a SecureString by variable",
    parts: add("aws_ssm_parameter", "p", {
      name: "/shop/api-key",
      type: "SecureString",
      value: "${var.api_key}",
    }),
  },
  {
    variant: "an advanced parameter of 8 KB",
    parts: add("aws_ssm_parameter", "p", {
      name: "/shop/big",
      type: "String",
      tier: "Advanced",
      value: "x".repeat(8_192),
    }),
  },
  {
    variant: "a parameter whose tier AWS chooses",
    parts: add("aws_ssm_parameter", "p", {
      name: "/shop/big",
      type: "String",
      tier: "Intelligent-Tiering",
      value: "x".repeat(8_192),
    }),
  },
  {
    variant: "a standard parameter of exactly 4 KB",
    parts: add("aws_ssm_parameter", "p", { name: "/shop/full", type: "String", value: "é".repeat(2_048) }),
  },
];
