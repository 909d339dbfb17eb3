/** Creates tasks from scripts. */
import type { EmulatedTask, TaskSubmit } from "./EmulatedTask.ts"
import type { MediaFormat } from "./MediaFormat.ts"
import type { TaskKind, TaskScript } from "./TaskScript.ts"
import { kindOf, traitsOf } from "./vendors/traitsOf.ts"

const emptyList = Object.freeze([])
const emptyObject = Object.freeze({})

const defaultMedia: Readonly<Record<TaskKind, readonly MediaFormat[]>> = {
  image: ["png"],
  video: ["mp4"],
  audio: ["wav"]
}

const defaultReqKey = (kind: TaskKind): string =>
  kind === "video" ? "jimeng_ti2v_v30_pro" : "jimeng_t2i_v40"

/** Creates the task of a valid script. `linkLifetime` is the emulator's default, in milliseconds. */
export const createTask = (
  script: TaskScript,
  now: number,
  linkLifetime?: number,
  submit: TaskSubmit | null = null
): EmulatedTask => {
  const { vendor, dialect } = script
  const traits = traitsOf(vendor)
  const kind = kindOf(script)
  const model = script.model ?? traits.model(kind)
  return {
    vendor,
    id: script.id ?? traits.newId({ model, kind, dialect, now }),
    kind,
    queuedFor: script.queuedFor ?? 0,
    runningFor: script.runningFor ?? 0,
    hiddenFor: script.hiddenFor ?? 0,
    end: script.end ?? "succeeded",
    failure: script.failure ?? emptyObject,
    media: script.media ?? traits.media?.(kind) ?? defaultMedia[kind],
    mediaSize: script.mediaSize ?? null,
    prompt: script.prompt ?? traits.prompt,
    model,
    reqKey: vendor === "jimeng" ? (script.reqKey ?? defaultReqKey(kind)) : null,
    inline: script.inline ?? false,
    linkLifetime: script.linkLifetime ?? linkLifetime ?? traits.linkLifetime(kind),
    renewLinks: script.renewLinks ?? true,
    queuePosition: script.queuePosition ?? 1,
    logs: script.logs ?? emptyList,
    data: script.data ?? emptyObject,
    statuses: script.statuses ?? emptyObject,
    dialect: dialect ?? null,
    responses: script.responses ?? emptyList,
    faults: script.faults ?? emptyList,
    mediaFaults: script.mediaFaults ?? emptyList,
    links: script.links ?? emptyList,
    submit,
    addedAt: now,
    polls: 0
  }
}
