/** Where a task in the unified video format keeps its video and what was made beside it. */
import { asLink, textAt } from "@gentask/core/provider"
import type { OutputDraft } from "@gentask/core/provider"
import type { SoraTask } from "./wire.ts"

/** The documented place, and those where relays are seen to put the link instead. */
const readVideo = (task: SoraTask): string | undefined =>
  textAt(
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

/** The video, its thumbnail and preview, and the watermarked video where it is another one. */
export const readOutputs = (task: SoraTask, hasSucceeded: boolean): ReadonlyArray<OutputDraft> => {
  // Old rows of the new-api gateway keep the link of a success where others say why a task failed.
  const legacy = hasSucceeded ? asLink(textAt(task, "fail_reason")) : undefined
  const video = readVideo(task) ?? legacy
  const source = textAt(task, "detail.draft_info.encodings.source.path")
  const marked = textAt(task, "detail.draft_info.encodings.source_wm.path")
  return [
    { kind: "video", url: video, width: task.width, height: task.height },
    { kind: "image", role: "thumbnail", url: textAt(task, "thumbnail_url", "detail.thumbnail_url") },
    { kind: "animation", role: "preview", url: textAt(task, "detail.gif_url") },
    // It can be the very file that the video mirrors on another host.
    { kind: "video", role: "watermarked", url: marked === source || marked === video ? undefined : marked }
  ]
}
