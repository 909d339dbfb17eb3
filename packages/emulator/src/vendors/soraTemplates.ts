/** The examples of the "unified video format" document of api.jxincm.cn, with holes for what differs by task. */

/** What is asked of a video: the document's example, with this prompt. Its links lead nowhere, as input is no output. */
export const inputOf = (origin: string, prompt: string) => ({
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

/** What differs between two pending tasks. */
export interface PendingHoles {
  readonly id: string
  readonly prompt: string
  readonly status: string
  /** ISO 8601 with microseconds. */
  readonly createdAt: string
  /** 0 to 1. */
  readonly progress: number
  readonly failureReason: string | null
}

/** `detail.pending_info` */
export const pendingInfoOf = ({ id, prompt, status, createdAt, progress, failureReason }: PendingHoles) => ({
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

/** The links to a task's files; null when it succeeded without any. */
export interface SoraLinks {
  readonly source: string | null
  readonly md: string | null
  readonly gif: string | null
  readonly thumbnail: string | null
}

/** What differs between two drafts. */
export interface DraftHoles {
  readonly id: string
  readonly prompt: string
  readonly links: SoraLinks
  /** Unix seconds with a fraction. */
  readonly createdAt: number
}

/** `detail.draft_info` */
export const draftInfoOf = ({ id, prompt, links, createdAt }: DraftHoles) => ({
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
