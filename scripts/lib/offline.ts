/** Nothing listens at this endpoint, so a plan that calls AWS fails. The user's own credentials are never used. */
export const noAws = {
  AWS_ENDPOINT_URL: "http://127.0.0.1:1",
  AWS_ACCESS_KEY_ID: "offline",
  AWS_SECRET_ACCESS_KEY: "offline",
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_EC2_METADATA_DISABLED: "true",
  CHECKPOINT_DISABLE: "1",
};

/** Settings of the AWS provider with which a plan from scratch makes no call. */
export const offlineProvider = {
  skip_credentials_validation: true,
  skip_requesting_account_id: true,
  skip_metadata_api_check: true,
  // By default a failing call would be tried 25 times.
  max_retries: 1,
};
