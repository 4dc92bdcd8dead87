import { App } from "cdktf";
import { environments } from "./stacks/environments";
import { ServiceStack } from "./stacks/service-stack";

const app = new App();
for (const environment of environments) {
  new ServiceStack(app, `${environment.name}-stack`, { environment });
}
app.synth();
