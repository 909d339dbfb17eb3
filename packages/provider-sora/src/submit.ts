/** How tasks are created. See https://docs.octopusx.ai/en/videos/sora/unified-generation */
import {
  accepted,
  classifyFailure,
  defineModels,
  firstInstantAt,
  firstStringAt,
  orientationOf,
  readErrorDetail,
  rejected,
  renameInputs,
  supportedInputsOf,
  withoutTaskId
} from "@gentask/core/provider"
import type {
  DefinedModels,
  ErrorReason,
  JsonObject,
  ResponseHead,
  SubmitOperation,
  SubmitOutcome
} from "@gentask/core/provider"
import { namesOf, table } from "./models/table.ts"
import { isInvalidKey } from "./decodeError.ts"

/** The models that `sora.models` has. */
export type SoraModels = DefinedModels<typeof table>

export const models: SoraModels = defineModels(table)

/** The resolutions that the sizes of sora stand for. */
const sizes: ReadonlyMap<string, string> = new Map([
  ["720p", "small"],
  ["1080p", "large"]
])

const toInput: SubmitOperation["toInput"] = (input, model) => {
  const names = namesOf(model)
  const renamed = renameInputs(input, names)
  if (names.aspectRatio !== "orientation") return renamed
  const { aspectRatio, resolution } = input
  return {
    ...renamed,
    orientation: aspectRatio === undefined ? undefined : orientationOf(aspectRatio),
    size: resolution === undefined ? undefined : (sizes.get(resolution) ?? resolution)
  }
}

/** The models whose documentation requires `images`, also without any. */
const needsImages = /^(?:sora|jimeng)/

/** The documented forms of a task id, such as `sora-2:task_01k9…` and `video_…`. */
const taskId = /:|^(?:task|video)_/

/** Reads the id at the top level. Beside an error, it may be that of the request. */
const readId = (body: JsonObject): string | undefined => {
  const id = firstStringAt(body, "id")
  return body["error"] && !taskId.test(id ?? "") ? undefined : id
}

/** Decodes the id of the create, which is the one to query. */
const decode = (body: JsonObject): SubmitOutcome => {
  const id = readId(body) ?? firstStringAt(body, "task_id", "data.task_id", "data.id")
  if (id !== undefined) {
    const createdAt = firstInstantAt(body, "created_at")
    return accepted(
      { id },
      {
        rawStatus: firstStringAt(body, "status"),
        model: firstStringAt(body, "model"),
        createdAt,
        updatedAt: firstInstantAt(body, "status_update_time")
      }
    )
  }
  return withoutTaskId(body, "id")
}

/** The statuses with which the gateway has created nothing. It may have reached its upstream before any other. */
const isRejection = (status: number): boolean =>
  status >= 400 && status < 500 && ![408, 409, 425, 429].includes(status)

/** Decodes the errors of the gateways whose code or message is more specific than the HTTP status. */
const decodeError = (body: JsonObject, { status }: ResponseHead): SubmitOutcome | undefined => {
  if (!isRejection(status)) return undefined
  const detail = readErrorDetail(body)
  const reject = (_tag: Exclude<ErrorReason["_tag"], "UnexpectedResponse">): SubmitOutcome =>
    rejected({ _tag, ...detail })
  if (isInvalidKey(detail)) return reject("Unauthorized")
  if (classifyFailure(detail.code, detail.message)?.reason === "quota") return reject("InsufficientCredits")
  return status === 404 ? reject("InvalidRequest") : undefined
}

export const submit: SubmitOperation = {
  models,
  supportedInputs: (model) => supportedInputsOf(namesOf(model)),
  toInput,
  request: ({ model, input, webhook }) => {
    if (webhook !== undefined) throw new Error("Unsupported webhook: the format has none.")
    return {
      method: "POST",
      path: "/v1/video/create",
      headers: { accept: "application/json" },
      body: { model, ...(needsImages.test(model) ? { images: [] } : {}), ...input }
    }
  },
  decode,
  decodeError
}
