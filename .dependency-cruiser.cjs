/** What stacks and commands may read from the functions: data and types that describe the service, never what runs. */
const declarations = [
  "api/(?:gateway-parameters|operation|operations|problems|request-model)",
  "items/(?:item|json-problem|number-problem)",
  "runtime/metric-names",
  "stream/stream-filter",
].map((file) => `^lambda-src/${file}\\.ts$`);

/** Each part of the tree, with everything outside of itself that it may import. Tests and bench may import anything. */
const mayImport = {
  "main\\.ts": ["^stacks/"],
  stacks: ["^constructs/", "^packages/guardrails/", "^packages/terminal/", ...declarations],
  constructs: ["^packages/guardrails/"],
  "lambda-src": [],
  scripts: ["^stacks/", "^packages/", ...declarations],
  "packages/alarms": [],
  "packages/guardrails": ["^packages/iam/", "^packages/terminal/"],
  "packages/iam": [],
  "packages/laptop": ["^packages/alarms/", "^packages/terminal/"],
  "packages/terminal": [],
};

/** Imports point one way: see "Where code goes" in docs/architecture.md. @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-cycle",
      comment:
        "Two files that need each other belong together, or need a third file: an interface, or what both share.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    ...Object.entries(mayImport).map(([part, others]) => ({
      name: `${part.replace("\\", "")}-imports`,
      comment: `Only ${["its own files and packages", ...others].join(", ")}.`,
      severity: "error",
      from: { path: `^${part}(?:/|$)` },
      to: { dependencyTypesNot: ["core"], pathNot: [`^${part}(?:/|$)`, "(?:^|/)node_modules/", ...others] },
    })),
    {
      name: "packages-imports",
      comment: "A package that has no row of its own in mayImport uses only itself and packages/terminal.",
      severity: "error",
      from: { path: "^(packages/[^/]+)(?:/|$)", pathNot: Object.keys(mayImport).map((part) => `^${part}/`) },
      to: {
        dependencyTypesNot: ["core"],
        pathNot: ["^$1(?:/|$)", "(?:^|/)node_modules/", "^packages/terminal/"],
      },
    },
    {
      name: "unknown-folder",
      comment: "A folder that has no row in mayImport imports nothing of the others: give it a row.",
      severity: "error",
      from: {
        path: "^([^/]+)/",
        pathNot: [
          "^(?:__tests__|bench|engines|packages)/",
          ...Object.keys(mayImport).map((part) => `^${part}(?:/|$)`),
        ],
      },
      to: { dependencyTypesNot: ["core"], pathNot: ["^$1/", "(?:^|/)node_modules/"] },
    },
    {
      name: "no-handler",
      comment: "No synth and no command may load a function's code, by any path.",
      severity: "error",
      from: { path: "^(?:main\\.ts|stacks/|constructs/|scripts/|packages/)" },
      to: { path: "^lambda-src/\\w+/(?:index|[\\w-]+-handler)\\.ts$", reachable: true },
    },
    {
      name: "declarations-only",
      comment: "What stacks and commands read from lambda-src may not load what calls AWS, by any path.",
      severity: "error",
      from: { path: declarations },
      to: {
        path: "(?:^|/)node_modules/(?:@aws-sdk|@smithy|@aws-lambda-powertools)/",
        reachable: true,
      },
    },
    {
      name: "resolved",
      comment: "An import that cannot be followed cannot be judged.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    exclude: { path: "^(?:coverage|cdktf\\.out|\\.local)/" },
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "(?:^|/)node_modules/" },
  },
};
