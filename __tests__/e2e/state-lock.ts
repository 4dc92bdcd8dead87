import { application } from "../../stacks/environments";
export const stateBucket = `${application.organization}-${application.name}-terraform-state`;

/** A lock on dev-stack's state, as Terraform writes one. */
export const lock = {
  ID: "5b2f1f0e-0000-4000-8000-000000000000",
  Operation: "OperationTypeApply",
  Info: "",
  Who: "somebody@elsewhere",
  Version: "1.10.0",
  Created: "2026-01-01T00:00:00Z",
  Path: `${application.organization}-${application.name}-terraform-state/dev-stack/terraform.tfstate`,
};
