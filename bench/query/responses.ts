/**
 * The responses of the local vendors: a finished task with one signed link in each wire format, and a running task below
 * `/running`. All have the same size.
 */

/** The size of every response body, in bytes. */
export const responseSize = 1024

/** The path of the base URL whose tasks are running. */
export const runningPath = "/running"

/** The id of the task that all contestants query. */
export const taskId = "67fb9e82-126e-4c71-bb16-a3bb3789e3b7"

const link = (name: string): string =>
  `https://files.example.com/${name}?X-Amz-Date=20260101T000000Z&X-Amz-Expires=86400&X-Amz-Signature=0123456789abcdef`

const prompt = "A cat on a red chair by the window, in the light of an early morning"
const created = 1_767_225_600

const jimmy = {
  code: "20000",
  msg: "ok",
  data: {
    task_id: taskId,
    status: "completed",
    progress: 100,
    model: "gpt-image-2",
    created_at: created,
    completed_at: created + 60,
    result: { video_url: "", image_url: link("1.png") },
    error_message: ""
  }
}

const sora = {
  id: `sora-2:${taskId}`,
  object: "video",
  model: "sora-2",
  status: "completed",
  progress: 100,
  created_at: created,
  status_update_time: (created + 60) * 1000,
  width: 352,
  height: 640,
  video_url: link("1.mp4"),
  detail: { status: "completed", input: { prompt, orientation: "portrait" } }
}

const jimeng = {
  code: 10_000,
  data: { binary_data_base64: [], image_urls: [link("1.png")], status: "success" },
  message: "Success",
  request_id: taskId,
  status: 10_000,
  time_elapsed: "2.5s"
}

const aigptimage = {
  code: 200,
  msg: "success",
  data: {
    taskId,
    model: "gpt-image-2-text-to-image",
    state: "success",
    param: JSON.stringify({ model: "gpt-image-2-text-to-image", input: { prompt } }),
    resultJson: JSON.stringify({ resultUrls: [link("1.png")] }),
    failCode: null,
    failMsg: null,
    costTime: 32_241,
    completeTime: (created + 60) * 1000,
    createTime: created * 1000
  }
}

/** The same tasks while they run. */
const running = {
  jimmy: {
    ...jimmy,
    data: {
      ...jimmy.data,
      status: "processing",
      progress: 40,
      completed_at: 0,
      result: { video_url: "", image_url: "" }
    }
  },
  sora: {
    id: sora.id,
    status: "pending",
    status_update_time: sora.status_update_time,
    detail: {
      status: "pending",
      input: sora.detail.input,
      pending_info: {
        status: "processing",
        progress_pct: 0.4,
        failure_reason: null,
        created_at: "2026-01-01T00:00:00Z"
      }
    }
  },
  jimeng: { ...jimeng, data: { binary_data_base64: [], image_urls: [], status: "generating" } },
  aigptimage: {
    ...aigptimage,
    data: { ...aigptimage.data, state: "generating", resultJson: "", costTime: null, completeTime: null }
  }
}

const openai = {
  id: `video_${taskId}`,
  object: "video",
  model: "sora-2",
  status: "completed",
  progress: 100,
  created_at: created,
  completed_at: created + 60,
  expires_at: created + 86_400,
  size: "720x1280",
  seconds: "8",
  prompt,
  error: null,
  remixed_from_video_id: null
}

const replicate = {
  id: taskId,
  model: "black-forest-labs/flux-schnell",
  version: "hidden",
  input: { prompt },
  logs: "",
  output: [link("1.png")],
  data_removed: false,
  error: null,
  status: "succeeded",
  created_at: "2026-01-01T00:00:00.000Z",
  started_at: "2026-01-01T00:00:01.000Z",
  completed_at: "2026-01-01T00:01:00.000Z",
  urls: { get: link("get"), cancel: link("cancel") },
  metrics: { predict_time: 59 }
}

const runway = {
  id: taskId,
  createdAt: "2026-01-01T00:00:00.000Z",
  status: "SUCCEEDED",
  output: [link("1.mp4")]
}

const fal = {
  status: "COMPLETED",
  request_id: taskId,
  response_url: link("response"),
  status_url: link("status"),
  cancel_url: link("cancel"),
  logs: null,
  metrics: { inference_time: 3.7 }
}

/** Pads a response to the common size with a field that no client reads. */
const pad = (response: object): string => {
  const size = JSON.stringify({ ...response, padding: "" }).length
  return JSON.stringify({ ...response, padding: "x".repeat(responseSize - size) })
}

/** Path prefixes, and the body of their responses. */
export const responses: ReadonlyArray<readonly [prefix: string, body: string]> = [
  ["/api/open-api/v1/images/", pad(jimmy)],
  ["/v1/video/query", pad(sora)],
  ["/jm", pad(jimeng)],
  ["/api/v1/jobs/recordInfo", pad(aigptimage)],
  ["/v1/videos/", pad(openai)],
  ["/v1/predictions/", pad(replicate)],
  ["/v1/tasks/", pad(runway)],
  ["/fal/", pad(fal)],
  [`${runningPath}/api/open-api/v1/images/`, pad(running.jimmy)],
  [`${runningPath}/v1/video/query`, pad(running.sora)],
  [`${runningPath}/jm`, pad(running.jimeng)],
  [`${runningPath}/api/v1/jobs/recordInfo`, pad(running.aigptimage)]
]
