/**
 * MiniMax's files: the upload of an input, and the link of a result.
 *
 * Documented: the paths, the fields, `mm_file://{file_id}` for 7 days, and links for an hour
 * (https://platform.minimax.io/docs/api-reference/video-generation-download). Invented: ids of files, and that the bytes
 * of a result are 0.
 */
import type { UploadedFile } from "../../submit/UploadStore.ts"
import { stateAt } from "../../TaskState.ts"
import { listedResults } from "../../TaskView.ts"
import type { TaskView } from "../../TaskView.ts"
import { jsonResponse } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import { parameter } from "../VendorFormat.ts"
import type { VendorContext, VendorRequest, VendorRoute } from "../VendorModule.ts"
import { baseResponse, firstError } from "./errors.ts"
import { fileIdOf } from "./tasks.ts"

const lifetime = 7 * 24 * 3_600_000

/** What a submit names an uploaded file by. */
export const scheme = "mm_file://"

const fileObject = ({ reference, size, at, name }: UploadedFile, purpose: string) => ({
  file_id: Number(reference.slice(scheme.length)),
  bytes: size,
  created_at: Math.floor(at / 1000),
  filename: name,
  purpose
})

const numberOr = (text: string): number | string => (/^\d{1,15}$/.test(text) ? Number(text) : text)

/** The routes of files. */
export const fileRoutes = (context: VendorContext): readonly VendorRoute[] => {
  const { links, tasks, uploads } = context
  let lastId = 316_909_168_484_420

  const upload = ({ form }: VendorRequest, apiKey: string): WireResponse => {
    const file = form?.get("file")
    if (file === undefined || typeof file.content === "string")
      return firstError(2013, "invalid params, file is required")
    if (form?.get("purpose")?.content !== "video_generation_input")
      return firstError(2013, "invalid params, invalid purpose")
    lastId += 1
    const stored = uploads.add({
      service: "minimax",
      apiKey,
      name: file.name,
      mediaType: file.type || "application/octet-stream",
      content: file.content,
      reference: `${scheme}${lastId}`,
      lifetime
    })
    return jsonResponse(200, { file: fileObject(stored, "video_generation_input"), ...baseResponse() })
  }

  const retrieve = (task: TaskView, now: number): WireResponse => {
    // A file does not disappear while a query reports an earlier status of its task.
    const made = stateAt(tasks().find(({ id }) => id === task.id) ?? task, Date.now())
    const [file] = made.phase === "succeeded" ? listedResults(task) : []
    if (file === undefined) return firstError(2013, "invalid params, file not found")
    return jsonResponse(200, {
      file: {
        file_id: numberOr(fileIdOf(task)),
        bytes: 0,
        created_at: Math.floor(made.endedAt / 1000),
        filename: `output_aigc.${file.type}`,
        purpose: "video_generation",
        download_url: links.link(task, `output_aigc-${file.index}.${file.type}`, now)
      },
      ...baseResponse()
    })
  }

  return [
    {
      purpose: "upload",
      method: "POST",
      path: /^\/v1\/files\/upload$/,
      // Documented: 50 MB for a video.
      maxBodySize: 51 * 1_048_576,
      respond: (request, { caller }) => upload(request, caller.apiKey)
    },
    {
      purpose: "query",
      method: "GET",
      path: /^\/v1\/files\/retrieve$/,
      taskId: ({ search }) => tasks().find((task) => fileIdOf(task) === parameter(search, "file_id"))?.id,
      respond: retrieve
    }
  ]
}
