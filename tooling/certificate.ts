import { spawnSync } from "node:child_process"

/** A self-signed certificate for `localhost`, and its key. Undefined if openssl is not installed. */
export const createCertificate = (): { readonly key: string; readonly cert: string } | undefined => {
  const args =
    "req -x509 -newkey rsa:2048 -nodes -keyout - -out - -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
  const { status, stdout } = spawnSync("openssl", args.split(" "), { encoding: "utf8" })
  if (status !== 0) return undefined
  const cert = /-----BEGIN CERTIFICATE-----[^]*-----END CERTIFICATE-----/.exec(stdout)?.[0] ?? ""
  return { key: stdout.replace(cert, ""), cert }
}
