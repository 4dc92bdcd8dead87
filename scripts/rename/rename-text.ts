/** What a project is called. */
export interface ProjectNames {
  /** First part of every physical name. */
  readonly application: string;
  /** Prefix of every bucket's name, and the owner of the repository. */
  readonly organization: string;
  /** Namespace of the functions' metrics in CloudWatch. */
  readonly namespace: string;
}

export interface Renaming {
  readonly from: ProjectNames;
  readonly to: ProjectNames;
  /** The environments' names, which end physical names. */
  readonly environments: readonly string[];
}

export interface Renamed {
  readonly text: string;
  /** How many names were replaced. */
  readonly replaced: number;
}

/** Where a file says how the project is called. A name alone could be an ordinary word elsewhere. */
const declarations: Readonly<
  Record<string, readonly (readonly [before: string, name: keyof ProjectNames, after: string])[]>
> = {
  "package.json": [['^  "name": "', "application", '"']],
  "package-lock.json": [['^(?:  |      )"name": "', "application", '"']],
  "engines/cdktn/package.json": [['^  "name": "', "application", '-cdktn"']],
  "engines/cdktn/package-lock.json": [['^(?:  |      )"name": "', "application", '-cdktn"']],
  "cdktf.json": [['^  "projectId": "', "application", '"']],
  "stacks/environments.ts": [
    ['^  name: "', "application", '"'],
    ['^  organization: "', "organization", '"'],
    ['^  metricsNamespace: "', "namespace", '"'],
  ],
  "docs/cost.md": [["\\(namespace `", "namespace", "`\\)"]],
  "docs/runbook.md": [["^APP=", "application", " "]],
};

/**
 * Replaces the project's names in a file. A name can be an ordinary word, such as `orders`. So it is replaced only where
 * its surroundings show that it is the project's: in a physical name (`<application>-<part>-<environment>`), in the path
 * of a parameter (`/<application>/<environment>`), in the name of a bucket (`<organization>-<application>`) or of a
 * repository (`<organization>/<application>`), and where a file declares it.
 */
export function renameText(file: string, text: string, renaming: Renaming): Renamed {
  let replaced = 0;
  const renamed = patterns(file, renaming).reduce(
    (current, [pattern, replacement]) =>
      current.replace(pattern, (match) => {
        if (replacement !== match) replaced += 1;
        return replacement;
      }),
    text,
  );
  return { text: renamed, replaced };
}

function patterns(
  file: string,
  { from, to, environments }: Renaming,
): readonly (readonly [pattern: RegExp, replacement: string])[] {
  const application = escaped(from.application);
  const names = [...environments.map(escaped), "<env>"].join("|");
  return [
    [
      new RegExp(`(?<![\\w-])${escaped(from.organization)}-${application}(?!\\w)`, "g"),
      `${to.organization}-${to.application}`,
    ],
    [
      new RegExp(`(?<=\\.\\w+/|repo:)${escaped(from.organization)}/${application}(?![\\w-])`, "g"),
      `${to.organization}/${to.application}`,
    ],
    [
      new RegExp(`(?<![\\w-])${application}(?=(?:-[\\w*.\\\\]+)*-(?:${names}|\\$\\{\\w+\\})(?![\\w-]))`, "g"),
      to.application,
    ],
    [new RegExp(`(?<=[\`"' ]/)${application}(?=/(?:${names})(?![\\w-]))`, "g"), to.application],
    ...(declarations[file] ?? []).map(
      ([before, name, after]) =>
        [new RegExp(`(?<=${before})${escaped(from[name])}(?=${after})`, "gm"), to[name]] as const,
    ),
  ];
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
