/** Keys that sign requests. */
export interface S3Credentials {
  /** The id of the access key, such as `AKIA…`. */
  readonly accessKeyId: string
  /** The secret of the access key. */
  readonly secretAccessKey: string
  /** Only for temporary credentials. */
  readonly sessionToken?: string | undefined
}

/** Options of `s3Target`. */
export interface S3TargetOptions {
  /** The bucket, and the prefix of the keys: `s3://bucket/prefix`. */
  readonly url: string
  /**
   * The URL of the server, such as `https://ACCOUNT.r2.cloudflarestorage.com`. Plain http only in a private network.
   *
   * @default AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, or else that of AWS in the region
   */
  readonly endpoint?: string | undefined
  /** The region of the bucket. @default AWS_REGION or AWS_DEFAULT_REGION, or else "us-east-1" */
  readonly region?: string | undefined
  /**
   * The public URL that keys are appended to, such as `https://cdn.example.com`. Saved files then have a `url`. It is not
   * derived from the bucket, since the domain of a bucket may or may not contain its name.
   *
   * @default saved files have no url
   */
  readonly publicUrl?: string | undefined
  /**
   * The credentials, or a function that returns them, such as `fromNodeProviderChain()` of the AWS SDK. The function is
   * called again when the credentials have expired.
   *
   * @default AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN
   */
  readonly credentials?: S3Credentials | (() => Promise<S3Credentials>) | undefined
  /** Whether the bucket is in the path instead of the host name. @default true with an endpoint */
  readonly pathStyle?: boolean | undefined
  /**
   * The size of a part in bytes. A larger file is uploaded in parts, of which there are at most 10,000: the parts of a file
   * that is too large for that are larger. S3 requires at least 5 MiB.
   *
   * @default 16 MiB
   */
  readonly partSize?: number | undefined
  /** How often a request is sent until it succeeds. @default 8 */
  readonly attempts?: number | undefined
  /** The environment variables. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
}
