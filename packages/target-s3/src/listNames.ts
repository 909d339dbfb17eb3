import type { S3Client, S3SendOptions } from "./S3Client.ts"
import { S3Error } from "./S3Error.ts"
import { elements, rootOf, textOf } from "./xml.ts"

/** Returns the keys that start with a prefix, without their first `dropped` characters and without folders. */
export const listNames = async (
  client: S3Client,
  prefix: string,
  dropped: number,
  options: S3SendOptions
): Promise<ReadonlyArray<string>> => {
  const names: Array<string> = []
  let token: string | undefined
  do {
    const { text } = await client.send(
      {
        method: "GET",
        query: {
          "list-type": "2",
          prefix,
          delimiter: "/",
          ...(token === undefined ? {} : { "continuation-token": token })
        }
      },
      {
        ...options,
        problemOf: (response) =>
          rootOf(response.text) === "ListBucketResult" && response.text.includes("</ListBucketResult>")
            ? undefined
            : "the list of objects is incomplete"
      }
    )
    for (const each of elements(text, "Contents")) {
      const key = textOf(each, "Key")
      if (key?.startsWith(prefix) === true) names.push(key.slice(dropped))
    }
    const next = textOf(text, "IsTruncated") === "true" ? textOf(text, "NextContinuationToken") : undefined
    if (next !== undefined && next === token)
      throw new S3Error("the server repeats a page of the list of objects", { isRetryable: false })
    token = next
  } while (token !== undefined)
  return names
}
