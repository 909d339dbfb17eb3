/** Where a task in the unified video format keeps its video and what was made beside it. */
import type { OutputDraft } from "@gentask/core/provider"
import type { SoraTask } from "./wire.ts"

/** The first text that is not blank. */
export const first = (...texts: ReadonlyArray<string | null | undefined>): string | undefined =>
  texts.find((text): text is string => typeof text === "string" && text.trim() !== "")

const isLink = (text: string | null | undefined): boolean => /^https?:\/\//i.test(text ?? "")

const resultLink = (task: SoraTask, succeeded: boolean): string | undefined =>
  first(
    task.video_url,
    task.result_url,
    task.url,
    task.videoUrl,
    task.result?.video_url,
    task.result?.url,
    task.data?.video_url,
    task.output?.video_url,
    task.output?.url,
    task.task_result?.videos?.[0]?.url,
    task.metadata?.url,
    task.detail?.url,
    task.video?.url,
    // Old rows of the new-api gateway keep the link of a success here.
    succeeded && isLink(task.fail_reason) ? task.fail_reason : undefined
  )

/** The video, its thumbnail and preview, and the watermarked video where it is another one. */
export const readOutputs = (task: SoraTask, succeeded: boolean): ReadonlyArray<OutputDraft> => {
  const result = resultLink(task, succeeded)
  const { source, source_wm: marked } = task.detail?.draft_info?.encodings ?? {}
  // The watermarked source can be the very file that the result mirrors on another host.
  const watermarked = marked?.path === source?.path || marked?.path === result ? undefined : marked?.path
  return [
    { kind: "video", url: result, width: task.width, height: task.height },
    { kind: "image", role: "thumbnail", url: first(task.thumbnail_url, task.detail?.thumbnail_url) },
    { kind: "animation", role: "preview", url: task.detail?.gif_url },
    { kind: "video", role: "watermarked", url: watermarked }
  ]
}
