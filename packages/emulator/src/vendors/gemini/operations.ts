/**
 * Operations of the Gemini API, and the files that they made.
 *
 * Documented: an operation without `done` is running (https://ai.google.dev/gemini-api/docs/video), and the code of a
 * canceled one is 1 (google/longrunning/operations.proto). Read in @google/genai 2.32.0: the members of the response.
 * Invented: the codes 13 and 4 of failed and expired tasks, and ids of files that contain the name of the operation.
 */
import type { TaskPhase } from "../../TaskScript.ts"
import { hasEnded, stateAt } from "../../TaskState.ts"
import type { EmulatedTask } from "../../EmulatedTask.ts"
import { listedResults } from "../../TaskView.ts"
import type { ListedResult, TaskView } from "../../TaskView.ts"
import { jsonResponse } from "../../WireResponse.ts"
import { failureMessage } from "../VendorFormat.ts"
import type { TaskFile, VendorContext, VendorRoute } from "../VendorModule.ts"
import { errors } from "./errors.ts"

const responseType = "type.googleapis.com/google.ai.generativelanguage.v1beta.PredictLongRunningResponse"

/** Ids of files consist of lowercase letters and digits, which the vendor's client relies on. */
const fileId = (taskId: string, { index, type }: ListedResult): string =>
  Buffer.from(`${taskId} ${index}.${type}`).toString("hex")

const parseFileId = (id: string): TaskFile | undefined => {
  const [taskId, file] = Buffer.from(id, "hex").toString().split(" ")
  return taskId === undefined || file === undefined ? undefined : { taskId, file }
}

/** The link to a result. It requires the API key. */
export const linkTo = ({ links }: VendorContext, task: TaskView, result: ListedResult): string =>
  links.endpointLink(task, `/v1beta/files/${fileId(task.id, result)}:download?alt=media`)

/** The name of a result's file. */
export const fileName = (task: EmulatedTask, result: ListedResult): string =>
  `files/${fileId(task.id, result)}`

const codes: Readonly<Partial<Record<TaskPhase, number>>> = { failed: 13, canceled: 1, expired: 4 }

const responseOf = (context: VendorContext, task: TaskView): object => {
  const { raiMediaFilteredCount, raiMediaFilteredReasons } = task.data
  const generatedSamples = listedResults(task).map((result) => ({
    video: task.inline
      ? { encodedVideo: context.links.base64(task, result.type), encoding: "video/mp4" }
      : { uri: linkTo(context, task, result) }
  }))
  return {
    "@type": responseType,
    generateVideoResponse: {
      ...(generatedSamples.length > 0 && { generatedSamples }),
      raiMediaFilteredCount,
      raiMediaFilteredReasons
    }
  }
}

/** The operation of a task at `now`. */
const operationAt = (context: VendorContext, task: TaskView, now: number): object => {
  const { phase } = stateAt(task, now)
  const name = task.id
  if (!hasEnded(phase)) return { name }
  if (phase === "succeeded") return { name, done: true, response: responseOf(context, task) }
  const message = failureMessage(task, phase, "Video generation failed due to an internal server issue.")
  return { name, done: true, error: { code: task.failure.code ?? codes[phase], message } }
}

/** The routes of operations and files. */
export const operationRoutes = (context: VendorContext): readonly VendorRoute[] => [
  {
    purpose: "query",
    method: "GET",
    path: /^\/v1beta\/(?<id>(?:[^/]+\/)*operations\/[^/]+)$/,
    respond: (task, now) => jsonResponse(200, operationAt(context, task, now))
  },
  {
    purpose: "download",
    method: "GET",
    path: /^\/v1beta\/files\/(?<id>[^/:]+):download$/,
    resolve: ({ params }) => parseFileId(params["id"] ?? "") ?? { rejection: errors.error(404) }
  }
]
