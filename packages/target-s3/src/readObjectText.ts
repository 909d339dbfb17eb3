import type { S3Client, S3SendOptions } from "./S3Client.ts"

/** Returns the text of a small object; undefined if it is absent. */
export const readObjectText = async (
  client: S3Client,
  key: string,
  options: S3SendOptions
): Promise<string | undefined> => {
  const { status, text } = await client.send({ method: "GET", key }, { ...options, accepts: [404] })
  return status === 404 ? undefined : text
}
