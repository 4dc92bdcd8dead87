/** The configuration of every function. */
export interface Environment {
  /** The `service` of every log line and metric, from POWERTOOLS_SERVICE_NAME. */
  readonly service: string;
  /** CloudWatch namespace of the business metrics, from POWERTOOLS_METRICS_NAMESPACE. */
  readonly metricsNamespace: string;
  /** The application's name, from APPLICATION. It tells apart the metrics of two applications in one account. */
  readonly application: string;
  /** The environment's name (`dev`, `prod`, `pr-42`), from ENVIRONMENT. */
  readonly environment: string;
  /** Address of X-Ray's daemon, from AWS_XRAY_DAEMON_ADDRESS, which Lambda sets if tracing is on. */
  readonly daemonAddress: string | undefined;
  /** Origin whose pages can read the API's responses, from ALLOWED_ORIGIN. @default none */
  readonly allowedOrigin?: string | undefined;
}

/**
 * Reads a function's configuration once, at start. Only this file reads `process.env`, except for variables
 * that the AWS SDK and Powertools read themselves (AWS_REGION, POWERTOOLS_LOG_LEVEL, …).
 *
 * @param own this function's additional variables, by their property name in the result
 * @throws MissingEnvironmentError that names every missing or empty variable
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
    application: required("APPLICATION"),
    environment: required("ENVIRONMENT"),
    daemonAddress: variables.AWS_XRAY_DAEMON_ADDRESS,
    allowedOrigin: variables.ALLOWED_ORIGIN,
  };
  if (missing.length > 0) throw new MissingEnvironmentError(missing);
  return environment;
};

/**
 * Lets POWERTOOLS_LOG_LEVEL decide what is logged. Lambda's own level would override it in Powertools. That level is
 * never above INFO, because Lambda treats a line without a level, such as a metric, as INFO ("Log-level filtering" in
 * its guide).
 */
export const ignoreLambdaLogLevel = (): void => {
  delete process.env.AWS_LAMBDA_LOG_LEVEL;
};

/** X-Ray's trace header of the current invocation. Lambda sets it for each one. */
export const traceHeader = (): string | undefined => process.env._X_AMZN_TRACE_ID;

/** The function cannot start because required environment variables are missing. */
export class MissingEnvironmentError extends Error {
  override readonly name = "MissingEnvironmentError";

  constructor(readonly variables: readonly string[]) {
    super(`environment variables missing or empty: ${variables.join(", ")}; set them on the function`);
  }
}
