import { readFile } from "node:fs/promises"
import { basename } from "node:path"
import type { InlineFile } from "../api/InlineFile.ts"

const inline = (bytes: Uint8Array, name: string | undefined): InlineFile => ({
  base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64"),
  ...(name === undefined || name === "" ? {} : { name })
})

const isPath = (value: object): value is { readonly path: string } =>
  "path" in value && typeof value.path === "string" && Object.keys(value).length === 1

const isStream = (
  value: object
): value is { readonly stream: AsyncIterable<Uint8Array>; readonly name?: string } =>
  "stream" in value &&
  typeof value.stream === "object" &&
  value.stream !== null &&
  Symbol.asyncIterator in value.stream

const readStream = async (stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
  const chunks: Array<Uint8Array> = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Replaces files of this machine with their bytes, and URLs with text. */
export const encodeFiles = async (value: unknown): Promise<unknown> => {
  if (typeof value !== "object" || value === null) return value
  if (value instanceof URL) return value.href
  if (value instanceof Uint8Array) return inline(value, undefined)
  if (value instanceof Blob)
    return inline(await value.bytes(), value instanceof File ? value.name : undefined)
  if (Array.isArray(value)) return Promise.all(value.map(encodeFiles))
  if (isPath(value)) return inline(await readFile(value.path), basename(value.path))
  if (isStream(value)) return inline(await readStream(value.stream), value.name)
  const entries = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(
    await Promise.all(entries.map(async ([key, member]) => [key, await encodeFiles(member)] as const))
  )
}
