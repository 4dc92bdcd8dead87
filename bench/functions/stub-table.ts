import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { mustRun } from "../../packages/terminal/run-command";

export interface StubTable {
  readonly endpoint: string;
  /** Certificate of the authority that signed the table's certificate. */
  readonly certificateFile: string;
  /** Receives X-Ray segments and ignores them. */
  readonly daemonAddress: string;
  close(): void;
}

/** A DynamoDB stub over TLS that accepts every write, and an X-Ray daemon stub. Both run on loopback in this process. */
export async function stubTable(folder: string): Promise<StubTable> {
  const [keyFile, certificateFile] = [path.join(folder, "key.pem"), path.join(folder, "certificate.pem")];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", keyFile];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  await mustRun("openssl", ["req", "-x509", ...key, ...subject, "-days", "2", "-out", certificateFile], {
    failure: "openssl could not make a certificate for the stubbed table:",
  });
  const server = createServer(
    { key: readFileSync(keyFile), cert: readFileSync(certificateFile), keepAliveTimeout: 60_000 },
    (request, response) => {
      request.resume().on("end", () => {
        response.writeHead(200, { "content-type": "application/x-amz-json-1.0", "content-length": 2 });
        response.end("{}");
      });
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const daemon = createSocket("udp4");
  await new Promise<void>((resolve) => daemon.bind(0, "127.0.0.1", resolve));
  return {
    endpoint: `https://localhost:${(server.address() as AddressInfo).port}`,
    certificateFile,
    daemonAddress: `127.0.0.1:${daemon.address().port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
      daemon.close();
    },
  };
}
