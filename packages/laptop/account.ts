/** The account of every access key that is not an account id. */
export const defaultAccount = "000000000000";

/** The account that an access key belongs to: the key itself if it has 12 digits. */
export function accountOf(accessKeyId: string | undefined): string {
  return accessKeyId !== undefined && /^\d{12}$/.test(accessKeyId) ? accessKeyId : defaultAccount;
}
