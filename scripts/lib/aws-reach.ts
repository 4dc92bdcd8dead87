/** Whether calls go to the emulator of a laptop rather than to AWS: a loopback address alone is never AWS. */
export function isEmulator(): boolean {
  const { AWS_ENDPOINT_URL: endpoint } = process.env;
  if (!endpoint) return false;
  const { hostname } = new URL(endpoint);
  return hostname === "localhost" || hostname === "[::1]" || /^127\./.test(hostname);
}
