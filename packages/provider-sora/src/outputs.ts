import { asHttpUrl, firstStringAt } from "@gentask/core/provider"
import type { OutputDraft } from "@gentask/core/provider"
import type { SoraTask } from "./wire.ts"

/** The documented field, and the fields that some relays use instead. */
const readVideoUrl = (task: SoraTask): string | undefined =>
  firstStringAt(
    task,
    "video_url",
    "result_url",
    "url",
    "videoUrl",
    "result.video_url",
    "result.url",
    "data.video_url",
    "output.video_url",
    "output.url",
    "task_result.videos.0.url",
    "metadata.url",
    "detail.url",
    "video.url"
  )

/**
 * Reads the video, its thumbnail and preview, and the watermarked video if it is another file.
 *
 * @param task The task.
 * @param hasSucceeded Whether the task has succeeded.
 */
export const readOutputs = (task: SoraTask, hasSucceeded: boolean): ReadonlyArray<OutputDraft> => {
  // Old tasks of the new-api gateway have the URL of a success in the field of the failure.
  const legacyUrl = hasSucceeded ? asHttpUrl(firstStringAt(task, "fail_reason")) : undefined
  const video = readVideoUrl(task) ?? legacyUrl
  const source = firstStringAt(task, "detail.draft_info.encodings.source.path")
  const watermarked = firstStringAt(task, "detail.draft_info.encodings.source_wm.path")
  // The video may be a copy of the source on another host.
  const isSameFile = watermarked === source || watermarked === video
  return [
    { kind: "video", url: video, width: task.width, height: task.height },
    { kind: "image", role: "thumbnail", url: firstStringAt(task, "thumbnail_url", "detail.thumbnail_url") },
    { kind: "animation", role: "preview", url: firstStringAt(task, "detail.gif_url") },
    { kind: "video", role: "watermarked", url: isSameFile ? undefined : watermarked }
  ]
}
