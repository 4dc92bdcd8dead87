/** What every function is configured with. */
export interface Environment {
  /** The `service` of every log line and metric, from POWERTOOLS_SERVICE_NAME. */
  readonly service: string;
  /** CloudWatch namespace of the business metrics, from POWERTOOLS_METRICS_NAMESPACE. */
  readonly metricsNamespace: string;
  /** The environment's name (`dev`, `prod`, `pr-42`), from ENVIRONMENT. */
  readonly environment: string;
  /** Where X-Ray's daemon listens, from AWS_XRAY_DAEMON_ADDRESS, which Lambda sets where tracing is on. */
  readonly daemonAddress: string | undefined;
  /** Origin whose pages may read the API's answers, from ALLOWED_ORIGIN. @default none */
  readonly allowedOrigin?: string | undefined;
}

/**
 * Reads a function's configuration once, at start. The only reader of `process.env` in this folder; what the
 * AWS SDK and Powertools read by themselves (AWS_REGION, POWERTOOLS_LOG_LEVEL, …) is theirs.
 *
 * @param own variables of this function beyond those that all have, by the name that its code gives them
 * @throws MissingEnvironmentError that names every variable that is missing or empty
 */
export const readEnvironment = <Name extends string>(
  own: Readonly<Record<Name, string>>,
  variables: NodeJS.ProcessEnv = process.env,
): Environment & Readonly<Record<Name, string>> => {
  const missing: string[] = [];
  const required = (name: string): string => {
    const value = variables[name]?.trim() ?? "";
    if (value === "") missing.push(name);
    return value;
  };

  const ownValues = Object.entries<string>(own).map(([name, variable]) => [name, required(variable)]);
  const environment = {
    ...(Object.fromEntries(ownValues) as Record<Name, string>),
    service: required("POWERTOOLS_SERVICE_NAME"),
    metricsNamespace: required("POWERTOOLS_METRICS_NAMESPACE"),
    environment: required("ENVIRONMENT"),
    daemonAddress: variables.AWS_XRAY_DAEMON_ADDRESS,
    allowedOrigin: variables.ALLOWED_ORIGIN,
  };
  if (missing.length > 0) throw new MissingEnvironmentError(missing);
  return environment;
};

/** X-Ray's trace header of the invocation under way: Lambda sets it anew for each. */
export const traceHeader = (): string | undefined => process.env._X_AMZN_TRACE_ID;

/** The function cannot start: its configuration lacks variables. */
export class MissingEnvironmentError extends Error {
  override readonly name = "MissingEnvironmentError";

  constructor(readonly variables: readonly string[]) {
    super(`environment variables missing or empty: ${variables.join(", ")}; set them on the function`);
  }
}
