import { App } from "cdktf";
import { AccountStack } from "./stacks/account-stack";
import { environments, previews } from "./stacks/environments";
import { ServiceStack } from "./stacks/service-stack";

const app = new App();
new AccountStack(app, "account-stack");
for (const environment of [...environments, ...previews()]) {
  new ServiceStack(app, `${environment.name}-stack`, { environment });
}
app.synth();
