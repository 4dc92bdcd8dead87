import { GetDashboardCommand, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { BatchGetTracesCommand } from "@aws-sdk/client-xray";
import { application } from "../../stacks/environments";
import type { Check } from "./check";
import type { Deployment } from "./deployment";
import { tracedRequest } from "./traced-request";
import { CheckFailedError, requireNoProblems } from "./verdict";

const minute = 60_000;

/** The parts that the trace of a request must have, and how to recognize each in a segment's document. */
const tracedParts: Readonly<Record<string, RegExp>> = {
  "the API's segment": /"origin":\s*"AWS::ApiGateway::Stage"/,
  "the function's segment": /"origin":\s*"AWS::Lambda::Function"/,
  "the function's call to the table": /"name":\s*"DynamoDB"/,
};

export const telemetryChecks: readonly Check[] = [
  {
    name: "metrics/function",
    run: async (deployment, report) => {
      await tracedRequest(deployment);
      const counted = await hasDatapoint(deployment, report, application.metricsNamespace, "TableLatency", {
        application: application.name,
        environment: deployment.environment.name,
        service: "api",
      });
      if (counted) return `TableLatency arrived in ${application.metricsNamespace}`;
      throw new CheckFailedError(
        `no TableLatency of the API function arrived in ${application.metricsNamespace}`,
      );
    },
  },
  {
    name: "metrics/api",
    run: async (deployment, report) => {
      await tracedRequest(deployment);
      const [api] = deployment.resources("aws_api_gateway_rest_api");
      const counted = await hasDatapoint(deployment, report, "AWS/ApiGateway", "Count", {
        ApiName: `${api?.name}`,
        Stage: deployment.output("api-stage"),
      });
      if (counted) return "requests are counted";
      throw new CheckFailedError(`no Count of ${api?.name} arrived in AWS/ApiGateway`);
    },
  },
  {
    name: "traces/request",
    run: async (deployment, report) => {
      const { traceId } = await tracedRequest(deployment);
      let missing: readonly string[] = Object.keys(tracedParts);
      const look = async () => {
        const { Traces = [] } = await deployment.clients.xray.send(
          new BatchGetTracesCommand({ TraceIds: [traceId] }),
        );
        const documents = Traces.flatMap(({ Segments = [] }) =>
          Segments.map(({ Document = "" }) => Document),
        );
        missing = Object.keys(tracedParts).filter(
          (part) => !documents.some((document) => tracedParts[part]?.test(document)),
        );
        return missing.length === 0 || undefined;
      };
      if (await deployment.until({ awsSeconds: 180, emulatorSeconds: 20 }, look, report)) return traceId;
      throw new CheckFailedError(`trace ${traceId} in X-Ray lacks ${missing.join(", ")}`);
    },
  },
  {
    name: "dashboard/exists",
    run: async (deployment) => {
      const [made] = deployment.resources("aws_cloudwatch_dashboard");
      const { DashboardBody } = await deployment.clients.cloudWatch.send(
        new GetDashboardCommand({ DashboardName: `${made?.dashboard_name}` }),
      );
      const { widgets = [] }: { readonly widgets?: readonly unknown[] } = JSON.parse(DashboardBody ?? "{}");
      requireNoProblems([widgets.length === 0 && "it has no widgets"]);
      return `${widgets.length} widgets`;
    },
  },
];

/** Waits for a current datapoint. @returns whether there is one */
async function hasDatapoint(
  deployment: Deployment,
  report: (detail: string) => void,
  Namespace: string,
  MetricName: string,
  dimensions: Readonly<Record<string, string>>,
): Promise<boolean> {
  const look = async () => {
    const { Datapoints = [] } = await deployment.clients.cloudWatch.send(
      new GetMetricStatisticsCommand({
        Namespace,
        MetricName,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        StartTime: new Date(deployment.startedAt.getTime() - minute),
        EndTime: new Date(Date.now() + minute),
        Period: 60,
        Statistics: ["SampleCount"],
      }),
    );
    return Datapoints.length > 0 || undefined;
  };
  return (await deployment.until({ awsSeconds: 300, emulatorSeconds: 20 }, look, report)) ?? false;
}
