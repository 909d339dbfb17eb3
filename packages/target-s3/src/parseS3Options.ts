import { ConfigurationError } from "@gentask/core"
import { isLoopback, isPrivateNetwork } from "@gentask/core/internal/addresses"
import type { S3Credentials, S3TargetOptions } from "./S3TargetOptions.ts"

/** Valid options, with defaults. */
export interface S3Settings {
  readonly bucket: string
  /** Ends with a slash, unless it is empty. */
  readonly prefix: string
  /** The URL that a path is appended to, without a slash at its end. It contains the bucket. */
  readonly bucketUrl: string
  readonly region: string
  /** Without a slash at its end. */
  readonly publicUrl: string | undefined
  readonly credentials: () => Promise<S3Credentials>
  /** Whether the credentials may change. */
  readonly canRenew: boolean
  readonly partSize: number
  readonly attempts: number
}

const defaultPartSize = 16 * 1024 ** 2

const invalid = (option: keyof S3TargetOptions, message: string): ConfigurationError =>
  new ConfigurationError({ reason: { _tag: "InvalidOption", option }, message })

/** Parses `s3://bucket/prefix`. The prefix is used as it is: nothing is decoded. */
const parseLocation = (url: unknown): Pick<S3Settings, "bucket" | "prefix"> => {
  const [, bucket, path = ""] =
    /^s3:\/\/([a-z0-9][a-z0-9._-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(typeof url === "string" ? url : "") ?? []
  if (bucket === undefined)
    throw invalid(
      "url",
      `Invalid url: expected the name of a bucket and a prefix, such as s3://media/renders.`
    )
  const prefix = path.replace(/\/$/, "")
  const segments = prefix === "" ? [] : prefix.split("/")
  // eslint-disable-next-line no-control-regex
  if (segments.some((each) => ["", ".", ".."].includes(each)) || /[\u0000-\u001f\u007f]/.test(prefix))
    throw invalid("url", `Invalid url: the prefix must have no empty segment, no "." and no "..".`)
  if (!prefix.isWellFormed() || Buffer.byteLength(prefix) > 700)
    throw invalid("url", "Invalid url: the prefix must have at most 700 bytes.")
  return { bucket, prefix: prefix === "" ? "" : `${prefix}/` }
}

const isPlainUrl = (url: URL): boolean =>
  /^https?:$/.test(url.protocol) &&
  url.username === "" &&
  url.password === "" &&
  url.search === "" &&
  url.hash === ""

const parseUrl = (option: "endpoint" | "publicUrl", text: string): URL => {
  const url = URL.parse(text)
  // Does not quote it, since it may contain credentials.
  if (url === null || !isPlainUrl(url))
    throw invalid(
      option,
      `Invalid ${option}: expected an https URL without a query and without credentials, such as https://s3.example.com.`
    )
  return url
}

const withoutSlash = (url: URL): string => url.href.replace(/\/+$/, "")

const parseEndpoint = (text: string): URL => {
  const url = parseUrl("endpoint", text)
  const isPrivate = isLoopback(url.hostname) || isPrivateNetwork(url.hostname)
  if (url.protocol === "http:" && !isPrivate)
    throw invalid(
      "endpoint",
      `Invalid endpoint: ${url.host} is not in a private network, so it needs https. Otherwise others could read the files and a session token.`
    )
  return url
}

const parseRegion = (region: string): string => {
  if (/^[a-z0-9-]{1,40}$/.test(region)) return region
  throw invalid("region", `Invalid region: expected the name of a region, such as "eu-central-1" or "auto".`)
}

const positiveInteger = (option: "partSize" | "attempts", value: unknown): number => {
  if (Number.isSafeInteger(value) && Number(value) > 0) return Number(value)
  throw invalid(option, `Invalid ${option}: expected a whole number greater than 0.`)
}

const isKey = (value: unknown): value is string => typeof value === "string" && /^[!-~]+$/.test(value)

/** Checks credentials. The error contains none of them. */
export const parseCredentials = (credentials: unknown): S3Credentials => {
  const { accessKeyId, secretAccessKey, sessionToken } = (credentials ?? {}) as Partial<
    Record<keyof S3Credentials, unknown>
  >
  if (!isKey(accessKeyId) || !isKey(secretAccessKey) || (sessionToken !== undefined && !isKey(sessionToken)))
    throw invalid(
      "credentials",
      "Invalid credentials: expected { accessKeyId, secretAccessKey } of printable ASCII characters."
    )
  return { accessKeyId, secretAccessKey, sessionToken }
}

const credentialsFrom = (env: NonNullable<S3TargetOptions["env"]>): S3Credentials => {
  const read = (name: string): string | undefined => env[name]?.trim() || undefined
  const [accessKeyId, secretAccessKey] = [read("AWS_ACCESS_KEY_ID"), read("AWS_SECRET_ACCESS_KEY")]
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw invalid(
      "credentials",
      "Credentials of the object store are missing. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
    )
  return parseCredentials({ accessKeyId, secretAccessKey, sessionToken: read("AWS_SESSION_TOKEN") })
}

const bucketUrlOf = (
  bucket: string,
  region: string,
  endpoint: URL | undefined,
  pathStyle: boolean
): string => {
  const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
  const url = endpoint ?? new URL(`https://s3.${region}.${domain}`)
  if (pathStyle) return `${withoutSlash(url)}/${bucket}`
  const withBucket = new URL(url)
  withBucket.hostname = `${bucket}.${url.hostname}`
  // The setter ignores a name that is invalid, such as one that ends in an IP address. Keys would become buckets.
  if (withBucket.hostname !== `${bucket}.${url.hostname}`)
    throw invalid(
      "pathStyle",
      `Invalid pathStyle: ${bucket}.${url.hostname} is not a valid host name. Leave it out, or set it to true.`
    )
  return withoutSlash(withBucket)
}

/**
 * Validates the options of `s3Target`.
 *
 * @throws {ConfigurationError} If an option is invalid, or credentials are missing.
 */
export const parseS3Options = (options: S3TargetOptions): S3Settings => {
  const { env = process.env, partSize = defaultPartSize, attempts = 8 } = options
  const variable = (...names: ReadonlyArray<string>): string | undefined =>
    names.map((name) => env[name]?.trim()).find((value) => value !== undefined && value !== "")
  const { bucket, prefix } = parseLocation(options.url)
  const region = parseRegion(options.region ?? variable("AWS_REGION", "AWS_DEFAULT_REGION") ?? "us-east-1")
  const endpointText = options.endpoint ?? variable("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
  const endpoint = endpointText === undefined ? undefined : parseEndpoint(endpointText)
  // The certificates of AWS do not include names with a dot.
  const pathStyle = options.pathStyle ?? (endpoint !== undefined || bucket.includes("."))
  const { credentials } = options
  const given =
    typeof credentials === "function"
      ? undefined
      : credentials === undefined
        ? credentialsFrom(env)
        : parseCredentials(credentials)
  return {
    bucket,
    prefix,
    region,
    bucketUrl: bucketUrlOf(bucket, region, endpoint, pathStyle),
    publicUrl:
      options.publicUrl === undefined ? undefined : withoutSlash(parseUrl("publicUrl", options.publicUrl)),
    credentials:
      given === undefined && typeof credentials === "function"
        ? async () => parseCredentials(await credentials())
        : () => Promise.resolve(given as S3Credentials),
    canRenew: given === undefined,
    partSize: positiveInteger("partSize", partSize),
    attempts: positiveInteger("attempts", attempts)
  }
}
