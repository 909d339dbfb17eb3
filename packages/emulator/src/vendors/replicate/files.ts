/**
 * Replicate's files: create, get, list and delete.
 *
 * Documented: the fields of the form and of the object (https://replicate.com/docs/reference/http). Invented: `urls.get`
 * serves the metadata with the key, and a file is kept for 24 hours.
 */
import { parseObject } from "../../json.ts"
import type { UploadedFile } from "../../submit/UploadStore.ts"
import { jsonResponse } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import type { VendorContext, VendorRequest, VendorRoute } from "../VendorModule.ts"
import { errors, invalidInput } from "./errors.ts"

const lifetime = 24 * 3_600_000

const fileId = /[^/]+$/

/** The routes of files. */
export const fileRoutes = ({ url, uploads }: VendorContext): readonly VendorRoute[] => {
  const metadata = new Map<string, object>()
  const referenceOf = (id: string): string => `${url}/v1/files/${id}`

  const fileObject = ({ reference, name, mediaType, size, digest, at }: UploadedFile) => ({
    id: fileId.exec(reference)?.[0],
    name,
    content_type: mediaType,
    size,
    etag: digest.slice(0, 32),
    checksums: { sha256: digest },
    metadata: metadata.get(reference) ?? {},
    created_at: new Date(at).toISOString(),
    expires_at: new Date(at + lifetime).toISOString(),
    urls: { get: reference }
  })

  const create = ({ form }: VendorRequest, apiKey: string): WireResponse => {
    const content = form?.get("content")
    if (content === undefined || typeof content.content === "string")
      return invalidInput("content is required")
    const reference = referenceOf(crypto.randomUUID())
    const field = form?.get("metadata")?.content ?? "{}"
    metadata.set(
      reference,
      parseObject(typeof field === "string" ? field : new TextDecoder().decode(field)) ?? {}
    )
    const mediaType = content.type || "application/octet-stream"
    const { name, content: bytes } = content
    const file = uploads.add({
      service: "replicate",
      apiKey,
      name,
      mediaType,
      content: bytes,
      reference,
      lifetime
    })
    return jsonResponse(201, fileObject(file))
  }

  const path = /^\/v1\/files\/(?<id>[^/]+)$/
  const notFound = (): WireResponse => errors.error(404)
  return [
    {
      purpose: "upload",
      method: "POST",
      path: /^\/v1\/files$/,
      // Documented: 100 MiB for a file.
      maxBodySize: 101 * 1_048_576,
      respond: (request, { caller }) => create(request, caller.apiKey)
    },
    {
      purpose: "account",
      method: "GET",
      path: /^\/v1\/files$/,
      respond: () => {
        const files = uploads.read().filter(({ service }) => service === "replicate")
        return jsonResponse(200, { previous: null, next: null, results: files.map(fileObject) })
      }
    },
    {
      purpose: "account",
      method: "GET",
      path,
      respond: ({ params }) => {
        const file = uploads.find(referenceOf(params["id"] ?? ""))
        return file === undefined ? notFound() : jsonResponse(200, fileObject(file))
      }
    },
    {
      purpose: "account",
      method: "DELETE",
      path,
      respond: ({ params }) =>
        uploads.remove(referenceOf(params["id"] ?? "")) ? { status: 204, headers: {}, body: "" } : notFound()
    }
  ]
}
