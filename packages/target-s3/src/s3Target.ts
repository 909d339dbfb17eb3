import type { SaveTarget, TargetConnection } from "@gentask/core"
import { encodeKey } from "./encodeKey.ts"
import { listNames } from "./listNames.ts"
import { parseS3Options } from "./parseS3Options.ts"
import { putFile } from "./putFile.ts"
import { readObject } from "./readObject.ts"
import { readObjectText } from "./readObjectText.ts"
import { S3Client } from "./S3Client.ts"
import type { S3TargetOptions } from "./S3TargetOptions.ts"
import { findObject, isDescribedBy } from "./StoredObject.ts"

/**
 * Creates a target that stores saved files in a bucket of S3 or of a server with its API.
 *
 * ```ts
 * const target = s3Target({ url: "s3://media/renders", publicUrl: "https://cdn.example.com" })
 * const [file] = await gentask.save("jimmy:1001", { target })
 * console.log(file.path, file.url)
 * ```
 *
 * Nothing is sent before the first file is saved.
 *
 * @throws {ConfigurationError} If an option is invalid, or credentials are missing.
 */
export const s3Target = (options: S3TargetOptions): SaveTarget => {
  const settings = parseS3Options(options)
  const { bucket, prefix, bucketUrl, publicUrl } = settings
  const keyOf = (name: string): string => `${prefix}${name}`
  return {
    url: `s3://${bucket}/${prefix}`.replace(/\/$/, ""),
    id: `${bucketUrl}/${prefix}`,
    connect: (transport): TargetConnection => {
      const client = new S3Client(settings, transport)
      return {
        locationOf: (name) => `s3://${bucket}/${keyOf(name)}`,
        urlOf: (name) => publicUrl && `${publicUrl}/${encodeKey(keyOf(name))}`,
        list: (start, signal) => listNames(client, keyOf(start), prefix.length, { signal }),
        readText: (name, signal) => readObjectText(client, keyOf(name), { signal }),
        check: async (name, digest, signal) => {
          const key = keyOf(name)
          const stored = await findObject(client, key, { signal })
          if (stored === undefined) return "absent"
          if (digest !== undefined && (await isDescribedBy(client, key, stored, digest, { signal })))
            return "complete"
          return stored.sha256 === undefined ? "foreign" : "unfinished"
        },
        put: (file, put) => putFile(client, keyOf(file.name), file, put),
        read: (name, digest, range, signal) => readObject(client, keyOf(name), digest, range, signal)
      }
    }
  }
}
