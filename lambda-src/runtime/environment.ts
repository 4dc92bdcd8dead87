export interface Environment {
  /** The `service` of every log line and metric, from POWERTOOLS_SERVICE_NAME. */
  readonly service: string;
  /** CloudWatch namespace of the business metrics, from POWERTOOLS_METRICS_NAMESPACE. */
  readonly metricsNamespace: string;
  /** The environment's name (`dev`, `prod`, `pr-42`), from ENVIRONMENT. */
  readonly environment: string;
}

/**
 * Reads the function's configuration once, at start. The only reader of `process.env` in this folder; what
 * the AWS SDK and Powertools read by themselves (AWS_REGION, POWERTOOLS_LOG_LEVEL, …) is theirs.
 *
 * @param own what one function has beside the others, by the variable it is in: `{ tableName: "TABLE_NAME" }`
 * @throws MissingEnvironmentError that names every variable that is missing or empty
 */
export const readEnvironment = <Own extends string>(
  own: Readonly<Record<Own, string>>,
  variables: NodeJS.ProcessEnv = process.env,
): Environment & Readonly<Record<Own, string>> => {
  const names = {
    ...own,
    service: "POWERTOOLS_SERVICE_NAME",
    metricsNamespace: "POWERTOOLS_METRICS_NAMESPACE",
    environment: "ENVIRONMENT",
  };
  const missing: string[] = [];
  const read = Object.entries<string>(names).map(([key, name]) => {
    const value = variables[name]?.trim() ?? "";
    if (value === "") missing.push(name);
    return [key, value];
  });
  if (missing.length > 0) throw new MissingEnvironmentError(missing);
  return Object.fromEntries(read);
};

/** The function cannot start: its configuration lacks variables. */
export class MissingEnvironmentError extends Error {
  override readonly name = "MissingEnvironmentError";

  constructor(readonly variables: readonly string[]) {
    super(`environment variables missing or empty: ${variables.join(", ")}; set them on the function`);
  }
}
