import { ConfigurationError } from "../account/ConfigurationError.ts"
import { mayReceiveKey } from "../account/mayReceiveKey.ts"
import { nameOf } from "../account/nameOf.ts"
import type { ResolvedAccount } from "../account/ResolvedAccount.ts"
import type { HttpRequest } from "../provider/HttpRequest.ts"
import type { RequestSpec } from "../provider/RequestSpec.ts"
import { encodeBody, InvalidRequestSpec, withContentType } from "./encodeBody.ts"
import type { FileSource } from "./FileSource.ts"
import { lowerCaseNames } from "./lowerCaseNames.ts"

/** A request without credentials, and its payload if it has one instead of a text. */
export interface EncodedRequest {
  readonly request: HttpRequest
  readonly payload: Blob | undefined
}

/** A task id or the name of a model would change the path of a request, as `..` does. */
export class InvalidPath extends Error {
  override readonly name = "InvalidPath"

  constructor() {
    super("it would change the path of the request")
  }
}

const forbiddenHost = (account: ResolvedAccount, host: string): ConfigurationError => {
  const shown = JSON.stringify(host.slice(0, 100))
  const name = nameOf(account)
  const why =
    account.hosts.length === 0
      ? `its base URL ${account.origin} is not that of an endpoint with further hosts`
      : `its endpoint lists only ${account.hosts.join(", ")}`
  return new ConfigurationError({
    reason: { _tag: "ForbiddenHost", account: name, host },
    message: `${name} must not send its API key to the host ${shown}: ${why}. Use the provider's endpoint without a base URL of your own, and a task ref that names no other host.`
  })
}

/** The scheme and host of a request, and the path that precedes its own. */
const targetOf = (account: ResolvedAccount, host: string | undefined) => {
  if (host === undefined) return { origin: account.origin, basePath: account.basePath }
  if (!mayReceiveKey(account, host)) throw forbiddenHost(account, host)
  // An emulator on this machine serves all hosts, and no key may leave the machine.
  if (account.isLocal) return { origin: account.origin, basePath: account.basePath }
  return { origin: `https://${host}`, basePath: "" }
}

const noFiles: FileSource = new Map()

/**
 * Resolves a request against the account's base URL, and encodes its body. The result has no credentials.
 *
 * @throws {InvalidPath} If the path is not the one that the request describes.
 * @throws {ConfigurationError} If the request has several bodies, or a host that must not receive the API key.
 * @throws {FileError} If the bytes of a file are missing.
 */
export const resolveRequest = (
  account: ResolvedAccount,
  spec: RequestSpec,
  files: FileSource = noFiles
): EncodedRequest => {
  const { origin, basePath } = targetOf(account, spec.host)
  const path = basePath + spec.path
  const search = spec.query === undefined ? "" : new URLSearchParams(spec.query).toString()
  const url = URL.parse(origin + path + (search === "" ? "" : `?${search}`))
  if (url?.pathname !== path || (spec.host !== undefined && !account.isLocal && url.host !== spec.host))
    throw new InvalidPath()
  const headers = lowerCaseNames(spec.headers)
  if (account.userAgent !== undefined) headers["user-agent"] = account.userAgent
  const body = encodeSpec(account, spec, files)
  return {
    request: { method: spec.method, url, headers: withContentType(headers, body), body: body.text },
    payload: body.payload
  }
}

const encodeSpec = (account: ResolvedAccount, spec: RequestSpec, files: FileSource) => {
  try {
    return encodeBody(spec, files)
  } catch (error) {
    if (!(error instanceof InvalidRequestSpec)) throw error
    const provider = account.spec.id
    throw new ConfigurationError(
      {
        reason: {
          _tag: "UnsupportedProvider",
          provider,
          problems: [{ path: "request", message: error.message }]
        },
        message: `Unsupported provider ${JSON.stringify(provider)}: a request ${error.message}.`
      },
      { cause: error }
    )
  }
}
