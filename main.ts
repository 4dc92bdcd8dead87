import { App } from "cdktf";
import { AccountStack } from "./stacks/account-stack";
import { checkEnvironments } from "./stacks/check-environments";
import { application, environments, previews } from "./stacks/environments";
import { ServiceStack } from "./stacks/service-stack";

const all = [...environments, ...previews()];
checkEnvironments(application, all);

const app = new App();
new AccountStack(app, "account-stack");
for (const environment of all) {
  new ServiceStack(app, `${environment.name}-stack`, { environment });
}
app.synth();
