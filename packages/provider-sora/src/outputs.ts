import { asHttpUrl, firstStringAt, readMedia, valueAt } from "@gentask/core/provider"
import type { JsonObject, OutputDraft } from "@gentask/core/provider"

/** The documented place of the video, and the places that some relays use instead. */
const places = [
  "video_url",
  "result_url",
  "url",
  "videoUrl",
  "result",
  "data",
  "output",
  "outputs",
  "videos",
  "task_result",
  "metadata.url",
  "detail.video_url",
  "detail.url",
  "content.video_url",
  "video",
  "detail.draft_info.downloadable_url",
  "detail.draft_info.encodings.source.path"
]

/** Reads the videos from the first place that has one. Other places may have copies of it on other hosts. */
const readVideos = (task: JsonObject): ReadonlyArray<OutputDraft> => {
  for (const place of places) {
    const videos = readMedia(valueAt(task, place), { kind: "video" })
    if (videos.some(({ role }) => role === undefined)) return videos
  }
  // Images at other places may be the input.
  return readMedia(task, { kind: "video" }).filter(({ kind }) => kind === "video")
}

/**
 * Reads the videos, their thumbnail and preview, and the watermarked video if it is another file.
 *
 * @param task The task.
 * @param hasSucceeded Whether the task has succeeded.
 */
export const readOutputs = (task: JsonObject, hasSucceeded: boolean): ReadonlyArray<OutputDraft> => {
  const { width, height } = task as Readonly<Record<string, number | undefined>>
  const videos = readVideos(task).map((video) => ({ ...video, width, height }))
  // Old tasks of the new-api gateway have the URL of a success in the field of the failure.
  const legacyUrl =
    hasSucceeded && videos.length === 0 ? asHttpUrl(firstStringAt(task, "fail_reason")) : undefined
  const source = firstStringAt(task, "detail.draft_info.encodings.source.path")
  const watermarked = firstStringAt(task, "detail.draft_info.encodings.source_wm.path")
  // The video may be a copy of the source on another host.
  const isSameFile = watermarked === source || videos.some(({ url }) => url === watermarked)
  return [
    ...videos,
    { kind: "video", url: legacyUrl },
    {
      kind: "image",
      role: "thumbnail",
      url: firstStringAt(task, "thumbnail_url", "thumbnailUrl", "detail.thumbnail_url")
    },
    { kind: "animation", role: "preview", url: firstStringAt(task, "detail.gif_url") },
    ...readMedia(task, { kind: "video" }).filter(
      ({ role, url }) => role === "watermarked" && !videos.some((video) => video.url === url)
    ),
    { kind: "video", role: "watermarked", url: isSameFile ? undefined : watermarked }
  ]
}
