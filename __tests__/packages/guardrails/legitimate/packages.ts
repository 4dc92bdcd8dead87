import type { Legitimate } from "./legitimate";
import { packaged } from "./parts";

const good = "exports.handler = async () => {};";

/** Packages that Lambda loads. */
export const packageVariants: readonly Legitimate[] = [
  { variant: "a handler exported by name", parts: packaged("named", { "index.js": good }) },
  {
    variant: "a handler in an object that module.exports becomes",
    parts: packaged("object", { "index.js": "module.exports = { handler: () => {} };" }),
  },
  {
    variant: "a handler behind a transpiler's getter",
    parts: packaged("getter", {
      "index.js":
        'Object.defineProperty(exports, "__esModule", { value: true }); Object.defineProperty(exports, "handler", { enumerable: true, get: function () { return run; } }); function run() {}',
    }),
  },
  {
    variant: "a handler in an .mjs file",
    parts: packaged("mjs", { "index.mjs": "export const handler = async () => {};" }),
  },
  { variant: "a handler in a .cjs file", parts: packaged("cjs", { "index.cjs": good }) },
  {
    variant: "an ES module by the type of its package.json",
    parts: packaged("typed", {
      "index.js": "export const handler = async () => {};",
      "package.json": '{"type":"module"}',
    }),
  },
  {
    variant: "a handler in a folder",
    parts: packaged(
      "folder",
      { "src/api/index.mjs": "export const handler = () => {};" },
      { handler: "src/api/index.handler" },
    ),
  },
  {
    variant: "a handler in node_modules",
    parts: packaged(
      "module",
      { "node_modules/x/dist/index.js": good },
      { handler: "node_modules/x/dist/index.handler" },
    ),
  },
  {
    variant: "a handler inside an exported object",
    parts: packaged("nested", { "index.js": "exports.api = { run() {} };" }, { handler: "index.api.run" }),
  },
  {
    variant: "a handler that a layer contains",
    parts: packaged(
      "layered",
      { "config.json": "{}" },
      { handler: "wrapper.handler", layers: ["${var.layer_arn}"] },
    ),
  },
  {
    variant: "a module that a layer contains",
    parts: packaged(
      "needing",
      { "index.js": `require("pg"); ${good}` },
      { layers: ["${aws_lambda_layer_version.pg.arn}"] },
    ),
  },
  {
    variant: "a bundled module in node_modules",
    parts: packaged("bundled", {
      "index.js": `require("pg"); ${good}`,
      "node_modules/pg/index.js": "module.exports = {};",
    }),
  },
  {
    variant: "a top-level await that ends",
    parts: packaged("awaiting", {
      "index.mjs": "await new Promise((done) => setTimeout(done, 50)); export const handler = () => {};",
    }),
  },
  {
    variant: "a handler wrapped by a function",
    parts: packaged("wrapped", {
      "index.js":
        "const wrap = (f) => Object.assign((...a) => f(...a), { use() {} }); exports.handler = wrap(() => {});",
    }),
  },
  {
    variant: "a timer that is set at load",
    parts: packaged("timer", { "index.js": `setInterval(() => {}, 1000); ${good}` }),
  },
  {
    variant: "a timer that does not keep the process",
    parts: packaged("unref", { "index.js": `setInterval(() => {}, 1000).unref(); ${good}` }),
  },
  {
    variant: "a package that prints two megabytes at load",
    parts: packaged("loud", { "index.js": `console.log("x".repeat(2_000_000)); ${good}` }),
  },
  {
    variant: "a package that prints what looks like a result",
    parts: packaged("lying", { "index.js": `console.log(JSON.stringify({ failure: "none" })); ${good}` }),
  },
  {
    variant: "a variable that only Terraform knows",
    parts: packaged(
      "unknown",
      { "index.js": `if (!process.env.TABLE) throw new Error("no table"); ${good}` },
      { environment: { variables: { TABLE: "${module.table.name}" } } },
    ),
  },
  {
    variant: "a URL that only Terraform knows",
    parts: packaged(
      "url",
      { "index.js": `const { QUEUE_URL } = process.env; new URL(QUEUE_URL); ${good}` },
      { environment: { variables: { QUEUE_URL: "${module.queue.url}" } } },
    ),
  },
  {
    variant: "JSON that only Terraform knows",
    parts: packaged(
      "json",
      { "index.js": `JSON.parse(process.env.CONFIG).routes; ${good}` },
      { environment: { variables: { CONFIG: "${var.config}" } } },
    ),
  },
  {
    variant: "an ARN that only Terraform knows",
    parts: packaged(
      "arn",
      {
        "index.js": `if (process.env.BUS.split(":").length !== 6) throw new Error("no ARN"); ${good}`,
      },
      { environment: { variables: { BUS: "${data.aws_cloudwatch_event_bus.orders.arn}" } } },
    ),
  },
  {
    variant: "a secret that the package must have but only Terraform knows how to spell",
    parts: packaged(
      "format",
      { "index.js": `if (!/^[a-f]{5}-\\d{3}$/.test(process.env.ID)) throw new Error("bad ID"); ${good}` },
      { environment: { variables: { ID: "${var.id}" } } },
    ),
  },
  {
    variant: "variables that are all unknown",
    parts: packaged(
      "all-unknown",
      { "index.js": `if (!process.env.A) throw new Error("no A"); ${good}` },
      { environment: { variables: "${var.variables}" } },
    ),
  },
  {
    variant: "a variable that the package has a default for",
    parts: packaged("default", {
      "index.js": `const level = process.env.LEVEL ?? "INFO"; level.length; ${good}`,
    }),
  },
  {
    variant: "variables that Lambda sets",
    parts: packaged("lambda", {
      "index.js": `for (const name of ["AWS_REGION", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "LAMBDA_TASK_ROOT", "AWS_EXECUTION_ENV", "AWS_LAMBDA_LOG_GROUP_NAME"]) if (!process.env[name]) throw new Error(name); ${good}`,
    }),
  },
  {
    variant: "a call at load that needs a network",
    parts: packaged("network", {
      "index.mjs":
        'import http from "node:http"; await new Promise((done, fail) => http.get("http://config.example.com", done).on("error", fail)); export const handler = () => {};',
    }),
  },
  {
    variant: "an exec wrapper around a package",
    parts: packaged(
      "wrapper",
      { "index.js": good },
      {
        environment: {
          variables: { AWS_LAMBDA_EXEC_WRAPPER: "/opt/otel-handler", NODE_OPTIONS: "--require /opt/x.js" },
        },
        layers: ["${var.layer_arn}"],
      },
    ),
  },
  {
    variant: "a listener for the end of the process",
    parts: packaged("listener", { "index.js": `process.on("SIGTERM", () => process.exit(0)); ${good}` }),
  },
  {
    variant: "a rejected promise that is handled later",
    parts: packaged("later", {
      "index.js":
        "const ready = Promise.reject(new Error('later')); ready.catch(() => {}); exports.handler = () => ready;",
    }),
  },
];
