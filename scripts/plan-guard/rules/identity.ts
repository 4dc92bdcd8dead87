import { policy } from "../access/judge-policy";
import { endOfRolePolicy, inlinePolicies, otherPolicies, roleName } from "../access/role-policies";
import {
  type AttributeChange,
  access,
  loss,
  noLoss,
  type ResourceValues,
  type TypeRule,
  type Verdict,
} from "./attribute-rule";
import { asList } from "./values";
import { disables, enables, harmless, identity, keeps, removes, shortens, starves } from "./vocabulary";

const key = ({ before, after, address }: ResourceValues): string =>
  `key ${before?.key_id ?? after?.key_id ?? address}`;
const ofRole = { partOf: [{ type: "aws_iam_role", by: [["role", "name"]] }] } as const;
const exclusively = { partOf: [{ type: "aws_iam_role", by: [["role_name", "name"]] }] } as const;
const ofKey = { partOf: [{ type: "aws_kms_key", by: [["key_id", "key_id"]] }] } as const;

/** Roles, policies and keys. */
export const identityAndKeys: Readonly<Record<string, TypeRule>> = {
  aws_iam_role: {
    end: "whatever acts as the role fails, and policies elsewhere that name it no longer mean it",
    attributes: {
      name: identity,
      name_prefix: harmless("derived"),
      path: identity,
      assume_role_policy: policy({ kind: "trust", name: roleName }),
      permissions_boundary: boundary,
      managed_policy_arns: attached,
      inline_policy: inlinePolicies,
      max_session_duration: starves("whoever assumes the role loses access sooner", { unset: 3_600 }),
      force_detach_policies: harmless("terraform"),
    },
  },
  aws_iam_role_policy: {
    end: endOfRolePolicy,
    replaced: "derived",
    ...ofRole,
    attributes: {
      name: harmless("text"),
      name_prefix: harmless("text"),
      role: keeps("the role may no longer do anything that the policy allows, and another one may"),
      policy: policy({ kind: "identity", name: roleName, others: otherPolicies }),
    },
  },
  aws_iam_role_policy_attachment: {
    end: (resource) =>
      `${roleName(resource)} may no longer do anything that ${resource.before?.policy_arn} allows`,
    replaced: "derived",
    ...ofRole,
    attributes: {
      role: keeps("the role may no longer do anything that the policy allows, and another one may"),
      policy_arn: attachment,
    },
  },
  aws_iam_role_policies_exclusive: {
    end: "policies that somebody gives the role by hand are no longer found and taken away",
    ...exclusively,
    attributes: { role_name: keeps("another role is watched in its place"), policy_names: exclusiveNames },
  },
  aws_iam_role_policy_attachments_exclusive: {
    end: "policies that somebody attaches to the role by hand are no longer found and taken away",
    ...exclusively,
    attributes: { role_name: keeps("another role is watched in its place"), policy_arns: exclusiveArns },
  },
  aws_iam_policy: {
    end: "whoever it is attached to may no longer do anything that it allows",
    attributes: {
      name: identity,
      name_prefix: harmless("derived"),
      path: identity,
      policy: policy({
        kind: "managed",
        name: ({ before, after }) => `policy ${before?.name ?? after?.name}`,
      }),
    },
  },
  aws_iam_openid_connect_provider: {
    end: "pipelines that log in with its tokens are refused",
    attributes: {
      url: identity,
      client_id_list: ({ before, after, unknown, resource }) => [
        ...removes("pipelines with a token for that audience are refused")({
          before,
          after,
          unknown,
          resource,
        }),
        ...(resource.isNew ? [] : [access("tokens for another audience are accepted")]),
      ],
      thumbprint_list: keeps("other servers may sign its tokens"),
    },
  },
  aws_kms_key: {
    end: "whatever it encrypted can no longer be read",
    attributes: {
      policy: policy({ kind: "resource", name: key }),
      is_enabled: disables("whatever it encrypted cannot be read while it is disabled", true),
      enable_key_rotation: disables("the key is no longer rotated"),
      rotation_period_in_days: harmless("pace"),
      deletion_window_in_days: shortens("there is less time to notice that the key is to be deleted", {
        unset: 30,
      }),
      bypass_policy_lockout_safety_check: enables("a policy can lock everybody out of the key"),
      customer_master_key_spec: identity,
      custom_key_store_id: identity,
      key_usage: identity,
      multi_region: identity,
      xks_key_id: identity,
    },
  },
  aws_kms_key_policy: {
    end: "the key has AWS's default policy, so the services that use it are refused",
    ...ofKey,
    attributes: {
      key_id: identity,
      policy: policy({ kind: "resource", name: key }),
      bypass_policy_lockout_safety_check: enables("a policy can lock everybody out of the key"),
    },
  },
  aws_kms_alias: {
    end: "whoever names the key by its alias no longer finds it",
    attributes: {
      name: identity,
      name_prefix: harmless("derived"),
      target_key_id: keeps("whoever names the key by its alias uses another key"),
    },
  },
};

function boundary({ before, after, unknown, resource }: AttributeChange): readonly Verdict[] {
  if (resource.isNew) return [];
  const lost = loss("the role's limit is another one, or none");
  return unknown || before !== undefined ? [lost] : [access(`${roleName(resource)} is limited to ${after}`)];
}

function attached({ before, after, unknown, resource }: AttributeChange): readonly Verdict[] {
  if (unknown) return [access(`what ${roleName(resource)} may do is known only after apply`)];
  const [from, to] = [asList(before), asList(after)];
  return [
    ...to.filter((arn) => !from.includes(arn)).map((arn) => mayNowDo(resource, `${arn}`)),
    ...from
      .filter((arn) => !to.includes(arn))
      .map((arn) => loss(`${roleName(resource)} may no longer do what ${arn} allows`)),
  ];
}

function attachment({ before, after, unknown, resource }: AttributeChange): readonly Verdict[] {
  return [
    mayNowDo(resource, unknown ? "a policy known only after apply" : `${after}`),
    ...(before === undefined ? [] : [loss(`${roleName(resource)} may no longer do what ${before} allows`)]),
  ];
}

/** What the program's own policies allow is judged where they are. */
function exclusiveNames({ before, after, unknown, resource }: AttributeChange): readonly Verdict[] {
  const left = unknown ? [] : asList(after);
  const lost = asList(before).filter((name) => !left.includes(name));
  return lost.length > 0
    ? lost.map((name) => access(`${roleName(resource)} loses its inline policy ${name}`))
    : [noLoss("more")];
}

/** Terraform attaches what is in the list, even if no attachment says so. */
function exclusiveArns({ before, after, unknown, resource }: AttributeChange): readonly Verdict[] {
  if (unknown) return [access(`what is attached to ${roleName(resource)} is known only after apply`)];
  const [from, to] = [asList(before), asList(after)];
  return [
    ...to.filter((arn) => !from.includes(arn)).map((arn) => mayNowDo(resource, `${arn}`)),
    ...from
      .filter((arn) => !to.includes(arn))
      .map((arn) => access(`${roleName(resource)} loses the attached policy ${arn}`)),
  ];
}

/** AWS's own policies of everything. */
const everything = /:aws:policy\/(AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;

function mayNowDo(resource: ResourceValues, arn: string): Verdict {
  const text = `${roleName(resource)} may now do what ${arn} allows`;
  return everything.test(arn) ? { kind: "loss", text, opens: true } : access(text);
}
