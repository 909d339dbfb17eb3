/** Tasks as videos of OpenAI's format. */
import { isTerminal } from "@gentask/core"
import type { TaskStatus } from "@gentask/core"
import type { TaskRecord } from "../store/TrackerStore.ts"

/** A video, as `client.videos` of the package `openai` reads it. */
export interface VideoJson {
  /** The task ref. */
  readonly id: string
  readonly object: "video"
  readonly status: "queued" | "in_progress" | "completed" | "failed"
  /** The account and the model, such as `sora:sora-2`. */
  readonly model: string
  readonly prompt: string | null
  /** From 0 to 100. */
  readonly progress: number
  /** In seconds since 1970. */
  readonly created_at: number
  readonly completed_at: number | null
  /** When the vendor's link expires. Null for a saved file, which does not. */
  readonly expires_at: number | null
  readonly error: { readonly code: string; readonly message: string } | null
  /** Width and height, if the vendor reports them. Otherwise empty. */
  readonly size: string
  /** Always empty: vendors do not report it in a common form. */
  readonly seconds: string
  readonly remixed_from_video_id: null
}

const toSeconds = (date: Date): number => Math.floor(date.getTime() / 1000)

const isVideo = ({ kind }: { readonly kind: string }): boolean => kind === "video" || kind === "animation"

/** Checks whether a task can be a video. Before its end, only the vendor knows. */
export const mayBeVideo = ({ files, snapshot }: TaskRecord): boolean => {
  const media = files.length > 0 ? files : (snapshot?.outputs ?? [])
  return media.length === 0 || media.some(isVideo)
}

/** Returns the saved file for a variant of a video. */
export const fileOf = (
  { files }: TaskRecord,
  variant: "video" | "thumbnail"
): TaskRecord["files"][number] | undefined =>
  variant === "thumbnail"
    ? files.find(({ role }) => role === "thumbnail" || role === "preview")
    : (files.find((file) => file.role === "result" && isVideo(file)) ?? files.find(isVideo))

const errorOf = ({ status, snapshot, saveState, lastError }: TaskRecord): VideoJson["error"] => {
  if (status === "succeeded")
    return saveState === "failed"
      ? { code: "save_failed", message: `The video was created, but not saved. ${lastError ?? ""}`.trim() }
      : null
  if (!isTerminal(status as TaskStatus)) return null
  const failure = snapshot?.failure
  return {
    code: failure?.code ?? failure?.reason ?? status,
    message: failure?.message ?? `The task ${status}.`
  }
}

const statusOf = (task: TaskRecord): VideoJson["status"] => {
  if (errorOf(task) !== null) return "failed"
  // The content can be downloaded as soon as it is saved.
  if (task.status === "succeeded") return task.saveState === "due" ? "in_progress" : "completed"
  return task.status === "queued" || task.snapshot === null ? "queued" : "in_progress"
}

const expiryOf = ({ files, snapshot }: TaskRecord): number | null => {
  if (files.length > 0) return null
  const times = (snapshot?.outputs ?? []).flatMap(({ expiresAt }) =>
    expiresAt === null ? [] : [toSeconds(expiresAt)]
  )
  return times.length === 0 ? null : Math.min(...times)
}

/** Converts a task to a video. */
export const toVideo = (task: TaskRecord): VideoJson => {
  const status = statusOf(task)
  const { width, height } = task.snapshot?.outputs.find(isVideo) ?? {}
  return {
    id: task.ref,
    object: "video",
    status,
    model: task.model === null ? task.account : `${task.account}:${task.model}`,
    prompt: task.prompt,
    progress: status === "completed" ? 100 : Math.min(99, Math.floor((task.snapshot?.progress ?? 0) * 100)),
    created_at: toSeconds(task.addedAt),
    completed_at: status === "completed" && task.endedAt !== null ? toSeconds(task.endedAt) : null,
    expires_at: expiryOf(task),
    error: errorOf(task),
    size: width != null && height != null ? `${width}x${height}` : "",
    seconds: "",
    remixed_from_video_id: null
  }
}
