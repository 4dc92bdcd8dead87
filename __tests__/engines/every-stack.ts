import { App } from "cdktf";
import { AccountStack } from "../../stacks/account-stack";
import { environments } from "../../stacks/environments";
import { ServiceStack } from "../../stacks/service-stack";
import { everySwitch } from "../support/every-switch";
import { fakeBundler } from "../support/fake-bundler";

/** Every stack of main.ts and every switch of an environment; a program, run once with each engine. */
const app = new App();
new AccountStack(app, "account-stack");
new AccountStack(app, "account-with-pipeline-stack", {
  pipelineAccess: { issuer: "token.actions.githubusercontent.com", subject: "repo:example/serverless-app:*" },
});
for (const environment of [...environments, ...everySwitch]) {
  new ServiceStack(app, `${environment.name}-stack`, { environment, bundler: fakeBundler });
}
app.synth();
