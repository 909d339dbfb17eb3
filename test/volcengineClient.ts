/** The signer and the generic client of Volcengine's own package. It has no service for Jimeng. */
import { createRequire } from "node:module"

// Only two files: the package's index loads its many services.
const require = createRequire(import.meta.url)
const { default: Signer } =
  require("@volcengine/openapi/lib/base/sign.js") as typeof import("@volcengine/openapi/lib/base/sign.js")
const { default: Service } =
  require("@volcengine/openapi/lib/base/service.js") as typeof import("@volcengine/openapi/lib/base/service.js")

const version = "2022-08-31"

/** An access key, as in the settings: the id and the secret, separated by `|`. */
const partsOf = (accessKey: string) => {
  const [accessKeyId = "", secretKey = ""] = accessKey.split("|")
  return { accessKeyId, secretKey }
}

/** Returns the headers of a signed POST. The package does not sign `Content-Type`, which gentask does. */
export const signPost = (url: URL, body: string, accessKey: string): Record<string, string> => {
  const headers: Record<string, string> = { Host: url.host, "Content-Type": "application/json" }
  const params = Object.fromEntries(url.searchParams)
  const signer = new Signer(
    { method: "POST", pathname: url.pathname, params, region: "cn-north-1", headers, body },
    "cv"
  )
  signer.addAuthorization(partsOf(accessKey), new Date())
  return headers
}

/** Returns a function that calls an action of Jimeng with the package's client. */
export const volcengineClient = (url: string, accessKey: string) => {
  const { host } = new URL(url)
  const service = new Service({
    serviceName: "cv",
    region: "cn-north-1",
    protocol: "http:",
    host,
    ...partsOf(accessKey)
  })
  return (action: string, body: object): Promise<unknown> =>
    // The package types the parameters as those of another method.
    service.createJSONAPI(action, { Version: version })(body, { headers: { Host: host } } as never)
}
