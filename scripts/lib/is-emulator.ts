/** Whether calls go to a laptop's emulator instead of AWS: they do if the endpoint is a loopback address. */
export function isEmulator(): boolean {
  const { AWS_ENDPOINT_URL: endpoint } = process.env;
  if (!endpoint) return false;
  const { hostname } = new URL(endpoint);
  return hostname === "localhost" || hostname === "[::1]" || /^127\./.test(hostname);
}
