export interface Environment {
  /** The items table's name, from TABLE_NAME. */
  readonly tableName: string;
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
 * @throws MissingEnvironmentError that names every variable that is missing or empty
 */
export const readEnvironment = (variables: NodeJS.ProcessEnv = process.env): Environment => {
  const missing: string[] = [];
  const required = (name: string): string => {
    const value = variables[name]?.trim() ?? "";
    if (value === "") missing.push(name);
    return value;
  };

  const environment = {
    tableName: required("TABLE_NAME"),
    service: required("POWERTOOLS_SERVICE_NAME"),
    metricsNamespace: required("POWERTOOLS_METRICS_NAMESPACE"),
    environment: required("ENVIRONMENT"),
  };
  if (missing.length > 0) throw new MissingEnvironmentError(missing);
  return environment;
};

/** The function cannot start: its configuration lacks variables. */
export class MissingEnvironmentError extends Error {
  override readonly name = "MissingEnvironmentError";

  constructor(readonly variables: readonly string[]) {
    super(`environment variables missing or empty: ${variables.join(", ")}; set them on the function`);
  }
}
