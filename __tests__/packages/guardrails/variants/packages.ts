import { type Attributes, add, both, type Edit, set } from "../edit";
import { packaged } from "../legitimate/parts";

/** A package, the rule that refuses it, and what the rule must say. */
export interface PackageVariant {
  readonly variant: string;
  readonly plant: Edit;
  readonly caughtBy: string;
  readonly says: RegExp;
}

const good = "exports.handler = () => {};";

const refused = (
  caughtBy: string,
  says: RegExp,
  all: Readonly<Record<string, Readonly<Record<string, string>>>>,
  changes: Attributes = {},
): readonly PackageVariant[] =>
  Object.entries(all).map(([variant, files]) => ({
    variant,
    plant: packaged("p", files, changes),
    caughtBy,
    says,
  }));

const other = packaged("other", { "index.js": good });

const mixed = (says: RegExp, all: Readonly<Record<string, Edit>>): readonly PackageVariant[] =>
  Object.entries(all).map(([variant, plant]) => ({
    variant,
    plant: both(packaged("p", { "index.js": good }), other, plant),
    caughtBy: "lambda-code-of-one-package",
    says,
  }));

/** Packages that Lambda cannot load, written down before the rules were. */
export const packageVariants: readonly PackageVariant[] = [
  ...refused("lambda-package-starts", /index\.m?js throws when it is loaded: /, {
    "an error at the top": { "index.js": `throw new Error("no config"); ${good}` },
    "an error of an ES module": { "index.mjs": 'export const handler = () => {}; throw new TypeError("x");' },
    "an error in a file that it requires": {
      "index.js": `require("./config"); ${good}`,
      "config.js": 'JSON.parse("{");',
    },
    "a rejection that nobody handles": { "index.js": `Promise.reject(new Error("lost")); ${good}` },
    "something thrown that is no error": { "index.js": `throw "text"; ${good}` },
  }),
  ...refused("lambda-package-loads-alone", /cannot be loaded: /, {
    "a module that is not in the zip": { "index.js": `require("pg"); ${good}` },
    "an import in a file of no module": { "index.js": 'import "node:fs"; export const handler = () => {};' },
    "syntax of no Node.js": { "index.js": `const a = ??; ${good}` },
    "a required file that does not parse": { "index.js": `require("./a"); ${good}`, "a.js": "}" },
    "a module that an ES module lacks": { "index.mjs": 'import "pg"; export const handler = () => {};' },
  }),
  ...refused("lambda-package-starts", /index\.m?js hangs when it is loaded: /, {
    "an endless loop": { "index.js": `${good} while (true) {}` },
    "a promise that never settles": {
      "index.mjs": "export const handler = () => {}; await new Promise(() => {});",
    },
    "a promise that never settles, beside a timer": {
      "index.mjs": "setInterval(() => {}, 50); export const handler = () => {}; await new Promise(() => {});",
    },
    "a lock that nobody releases": {
      "index.js": `${good} Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);`,
    },
  }),
  ...refused("lambda-package-starts", /index\.m?js exits when it is loaded: it ends the process/, {
    "process.exit": { "index.js": `process.exit(0); ${good}` },
    "process.exit of an ES module": { "index.mjs": "process.exit(1); export const handler = () => {};" },
    "process.abort": { "index.js": `process.abort(); ${good}` },
    "a signal to itself": { "index.js": `process.kill(process.pid, "SIGKILL"); ${good}` },
  }),
  ...refused("lambda-package-variables", /needs a variable that p does not have, QUEUE_URL: /, {
    "a variable that it checks": {
      "index.js": `if (!process.env.QUEUE_URL) throw new Error("no queue"); ${good}`,
    },
    "a variable that it destructures": {
      "index.js": `const { QUEUE_URL } = process.env; new URL(QUEUE_URL); ${good}`,
    },
    "a variable that another file needs": {
      "index.js": `require("./settings"); ${good}`,
      "settings.js":
        'exports.must = (name) => { if (!process.env[name]) throw new Error("missing " + name); }; exports.must("QUEUE_URL");',
    },
    "a variable that it looks for": {
      "index.js": `if (!("QUEUE_URL" in process.env)) throw new Error("not set"); ${good}`,
    },
    "a variable without which it ends the process": {
      "index.js": `if (!process.env.QUEUE_URL) process.exit(1); ${good}`,
    },
    "a variable among others that it has defaults for": {
      "index.js": `const a = process.env.LEVEL || "x"; process.env.QUEUE_URL.split("/"); const b = process.env.STAGE || a; ${good}`,
    },
    "a variable of an ES module": {
      "index.mjs": "process.env.QUEUE_URL.trim(); export const handler = () => {};",
    },
  }),
  ...refused("lambda-handler-in-package", /handler in index\.js is an object$/, {
    "an object": { "index.js": "exports.handler = { handler() {} };" },
  }),
  ...refused("lambda-handler-in-package", /index\.mjs exports default$/, {
    "a default export": { "index.mjs": "export default async () => {};" },
  }),
  ...refused("lambda-handler-in-package", /handler in index\.js is a promise$/, {
    "a promise": { "index.js": "exports.handler = Promise.resolve(() => {});" },
  }),
  ...refused("lambda-handler-in-package", /handler in index\.js is a class$/, {
    "a class": { "index.js": "exports.handler = class Handler {};" },
  }),
  ...refused("lambda-handler-in-package", /handler in index\.js is a getter that throws: gone$/, {
    "a getter": {
      "index.js": 'Object.defineProperty(exports, "handler", { get() { throw new Error("gone"); } });',
    },
  }),
  ...refused(
    "lambda-handler-in-package",
    /handler\.run in index\.js is a string$/,
    { "a text inside the export": { "index.js": 'exports.handler = { run: "x" };' } },
    { handler: "index.handler.run" },
  ),
  ...refused(
    "lambda-handler-in-package",
    /the package contains index\.js$/,
    { "a folder that the zip has not": { "index.js": good } },
    { handler: "src/index.handler" },
  ),
  ...refused(
    "lambda-handler-in-package",
    /the package contains index\.js$/,
    { "a capital letter": { "index.js": good } },
    { handler: "Index.handler" },
  ),

  ...mixed(/^s3_key is of data\.archive_file\.p, but source_code_hash of data\.archive_file\.other$/, {
    "the hash of the other zip": set(
      "aws_lambda_function",
      "p",
      "source_code_hash",
      "${data.archive_file.other.output_base64sha256}",
    ),
  }),
  ...mixed(/^s3_key is of data\.archive_file\.other, but source_code_hash of data\.archive_file\.p$/, {
    "the key of the other object": set("aws_lambda_function", "p", "s3_key", "${aws_s3_object.other.key}"),
  }),
  ...mixed(/but s3_object_version of aws_s3_object\.other$/, {
    "the version of the other object": set(
      "aws_lambda_function",
      "p",
      "s3_object_version",
      "${aws_s3_object.other.version_id}",
    ),
  }),
  ...mixed(/but source_code_hash of old\.zip$/, {
    "the hash of a file": set(
      "aws_lambda_function",
      "p",
      "source_code_hash",
      '${filebase64sha256("old.zip")}',
    ),
  }),
  ...mixed(/source is of data\.archive_file\.other, but source_hash of data\.archive_file\.p/, {
    "the other zip as the object's source": set(
      "aws_s3_object",
      "p",
      "source",
      "${data.archive_file.other.output_path}",
    ),
  }),
  ...mixed(/^etag is constant/, { "a constant etag": set("aws_s3_object", "p", "etag", "d41d8cd98f00b204") }),
  {
    variant: "the API that calls the function",
    plant: both(
      packaged(
        "p",
        { "index.js": good },
        { environment: { variables: { API_URL: "${aws_apigatewayv2_stage.p.invoke_url}" } } },
      ),
      add("aws_apigatewayv2_integration", "p", {
        api_id: "abc",
        integration_type: "AWS_PROXY",
        integration_uri: "${aws_lambda_function.p.invoke_arn}",
      }),
      add("aws_apigatewayv2_deployment", "p", {
        api_id: "abc",
        depends_on: ["aws_apigatewayv2_integration.p"],
      }),
      add("aws_apigatewayv2_stage", "p", {
        api_id: "abc",
        name: "p",
        deployment_id: "${aws_apigatewayv2_deployment.p.id}",
        access_log_settings: { destination_arn: "${aws_cloudwatch_log_group.p.arn}" },
      }),
    ),
    caughtBy: "lambda-variables-cycle",
    says: /^variable API_URL is a cycle: aws_lambda_function\.p → aws_apigatewayv2_stage\.p → aws_apigatewayv2_deployment\.p → aws_apigatewayv2_integration\.p → aws_lambda_function\.p$/,
  },
  {
    variant: "the function itself",
    plant: packaged(
      "p",
      { "index.js": good },
      { environment: { variables: { SELF: "${aws_lambda_function.p.arn}" } } },
    ),
    caughtBy: "lambda-variables-cycle",
    says: /^variable SELF is a cycle: aws_lambda_function\.p → aws_lambda_function\.p$/,
  },
];
