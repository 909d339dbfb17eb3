/** The examples of the "unified video format" document of api.jxincm.cn, with parameters for what differs by task. */

/** `detail.input`: the document's example with this prompt. Its links do not work, since inputs are not served. */
export const inputFor = (origin: string, prompt: string) => ({
  size: "small",
  model: "sy_ore",
  images: [
    `${origin}/cdn/20250612/VfgB5ubjInVt8sG6rzMppxnu7gEfde.png`,
    `${origin}/cdn/20250612/998IGmUiM2koBGZM3UnZeImbPBNIUL.png`
  ],
  prompt,
  orientation: "portrait"
})

const inpaintItem = (uploadMediaId: string) => ({
  type: "image",
  preset_id: null,
  crop_bounds: null,
  frame_index: 0,
  cameo_file_id: null,
  generation_id: null,
  upload_media_id: uploadMediaId,
  source_end_frame: 0,
  uploaded_file_id: null,
  source_start_frame: 0
})

const inpaintItems = [
  inpaintItem("media_01k6x15tnzezbst05sth2qgd8r"),
  inpaintItem("media_01k6x15tzafwztz74t018v3enw")
]

/** The parameters of a pending task. */
export interface PendingInfo {
  /** The task id without the model. */
  readonly id: string
  /** The prompt of the task. */
  readonly prompt: string
  /** The inner status. */
  readonly status: string
  /** ISO 8601 with microseconds. */
  readonly createdAt: string
  /** From 0 to 1. */
  readonly progress: number
  /** Why the task failed, or null. */
  readonly failureReason: string | null
}

/** `detail.pending_info`. */
export const pendingInfoFor = ({ id, prompt, status, createdAt, progress, failureReason }: PendingInfo) => ({
  id,
  seed: null,
  type: "video_gen",
  user: "user-a1sGDUIOXV32hNITe59LEkHa",
  model: "sy_8",
  title: "New Video",
  width: 352,
  height: 640,
  prompt,
  sdedit: null,
  status,
  actions: null,
  guidance: null,
  n_frames: 450,
  priority: 2,
  operation: "simple_compose",
  preset_id: null,
  created_at: createdAt,
  n_variants: 1,
  project_id: null,
  request_id: null,
  generations: [],
  tracking_id: null,
  progress_pct: progress,
  remix_config: null,
  inpaint_items: inpaintItems,
  interpolation: null,
  is_storyboard: null,
  failure_reason: failureReason,
  organization_id: null,
  moderation_result: {
    code: null,
    type: "passed",
    task_id: id,
    is_output_rejection: false,
    results_by_frame_index: {}
  },
  needs_user_review: false,
  queue_status_message: null,
  progress_pos_in_queue: null,
  num_unsafe_generations: 0,
  estimated_queue_wait_time: null
})

/** The links to a task's files. All are null if it succeeded without a result. */
export interface SoraLinks {
  /** The original file. */
  readonly source: string | null
  /** The file in medium quality. */
  readonly md: string | null
  /** An animated preview. */
  readonly gif: string | null
  /** A still image. */
  readonly thumbnail: string | null
}

/** The parameters of a draft. */
export interface DraftInfo {
  /** The task id without the model. */
  readonly id: string
  /** The prompt of the task. */
  readonly prompt: string
  /** The links to the files. */
  readonly links: SoraLinks
  /** Unix seconds with a fraction. */
  readonly createdAt: number
}

/** `detail.draft_info`. */
export const draftInfoFor = ({ id, prompt, links, createdAt }: DraftInfo) => ({
  id: "gen_01k6x1bffaf3dr786harh8maqt",
  url: links.source,
  kind: "sora_draft",
  tags: [],
  title: null,
  width: 352,
  height: 640,
  prompt,
  task_id: id,
  encodings: {
    md: { path: links.md },
    gif: { path: links.gif },
    source: { path: links.source },
    unfurl: null,
    source_wm: { path: links.source },
    thumbnail: { path: links.thumbnail }
  },
  created_at: createdAt,
  generation_id: "gen_01k6x1bffaf3dr786harh8maqt",
  draft_reviewed: false,
  creation_config: {
    prompt,
    task_id: null,
    n_frames: null,
    style_id: null,
    orientation: null,
    inpaint_image: null,
    cameo_profiles: null,
    remix_target_post: null
  },
  generation_type: "",
  downloadable_url: links.source
})
