/** The recordings of the operations of studio, by the file's name without `.json`. */
import type { OperationRecording } from "@gentask/testing"
import { signatureOf } from "./studio.ts"

const api = "https://api.orbit.example/v1"
const image = "https://files.example.com/fox.png"
const notification = '{"job_id":"job-7"}'
export const secret = "made-up-secret"

const submitted = (
  answer: NonNullable<OperationRecording["answer"]>,
  means: NonNullable<OperationRecording["means"]>
) => ({
  submit: { model: "comet-1", common: { prompt: "A fox" } },
  answer,
  means
})

const recordings: Readonly<Record<string, Partial<OperationRecording>>> = {
  accepted: {
    submit: {
      model: "comet-1",
      common: { prompt: "A fox", images: [{ file: "fox.png" }, image], aspectRatio: "16:9" },
      input: { style: "oil", seed: 7 },
      webhook: { url: "https://hooks.example.com/1" }
    },
    request: {
      method: "POST",
      url: `${api}/models/comet-1/jobs`,
      headers: { "Idempotency-Key": "key-1" },
      body: {
        prompt: "A fox",
        image_urls: ["https://uploads.example.com/fox.png", image],
        ratio: "16:9",
        style: "oil",
        seed: 7,
        callback: "https://hooks.example.com/1"
      }
    },
    answer: { body: { code: 0, request_id: "req-1", job: { id: "job-7", state: "waiting" } } },
    means: {
      accepted: ["orbit:job-7?region=north"],
      snapshot: { status: "queued", rawStatus: "waiting" }
    }
  },
  "accepted-video": {
    submit: { model: "comet-video", common: { prompt: "A fox", firstFrame: image, duration: 5 } },
    answer: { status: 202, body: { code: 0, job: { id: "job-8", state: "working" } } },
    means: {
      accepted: ["orbit:job-8?region=north"],
      snapshot: { status: "running", rawStatus: "working" }
    }
  },
  rejected: submitted(
    { body: { code: 4001, message: "no such ratio" } },
    { rejected: { _tag: "InvalidRequest", code: "4001", message: "no such ratio" } }
  ),
  "limited-submit": submitted(
    { status: 429, headers: { "Retry-After": "3" }, body: { code: 4290, message: "3 jobs are active" } },
    {
      retryable: { _tag: "RateLimited", code: "4290", message: "3 jobs are active", retryAfter: 3000 },
      when: "after-task-end"
    }
  ),
  "unknown-submit": submitted(
    { status: 500, body: { code: 9, message: "oops" } },
    { unknown: { _tag: "Unavailable", code: "9", message: "oops" } }
  ),
  canceled: {
    cancel: "orbit:job-7?region=north",
    request: { method: "DELETE", url: `${api}/jobs/job-7` },
    answer: { body: { job: { state: "stopped" } } },
    means: { canceled: "canceled" }
  },
  "too-late": {
    cancel: "orbit:job-7",
    answer: { body: { message: "it has ended", job: { state: "done" } } },
    means: { canceled: "too-late", message: "it has ended" }
  },
  uploaded: {
    upload: { file: "fox.png" },
    request: {
      method: "POST",
      url: "https://files.orbit.example/v1/files",
      body: { name: "fox.png", type: "image/png" }
    },
    answer: { body: { put_url: "https://storage.example.com/put/1", url: image } },
    means: {
      reference: image,
      sendTo: {
        method: "PUT",
        url: "https://storage.example.com/put/1",
        headers: { "x-file-type": "image/png" },
        file: "fox.png"
      }
    }
  },
  balance: {
    balance: true,
    request: { method: "GET", url: `${api}/balance` },
    answer: { body: { credits: 60, used: 40 } },
    means: { balance: { available: { amount: 60, unit: "credits" }, used: { amount: 40, unit: "credits" } } }
  },
  listed: {
    recover: { model: "comet-1", common: { prompt: "A fox" }, submittedAt: "2026-01-01T00:00:00.000Z" },
    request: { method: "GET", url: `${api}/jobs?since=2026-01-01T00:00:00.000Z` },
    answer: {
      body: {
        jobs: [{ id: "job-7", model: "comet-1", prompt: "A fox", created_at: 1_767_225_600 }],
        has_more: false
      }
    },
    means: {
      tasks: [
        {
          id: "job-7",
          params: { region: "north" },
          model: "comet-1",
          prompt: "A fox",
          createdAt: "2026-01-01T00:00:00Z"
        }
      ],
      isComplete: true
    }
  },
  notified: {
    webhook: {
      headers: {
        "X-Orbit-Timestamp": "1767225600",
        "X-Orbit-Signature": signatureOf(secret, "1767225600", notification)
      },
      body: notification,
      secret
    },
    at: "2026-01-01T00:00:01Z",
    means: { updated: { id: "job-7" } }
  }
}

export const studioRecordings: Readonly<Record<string, OperationRecording>> = Object.fromEntries(
  Object.entries(recordings).map(([name, recording]) => [name, { source: "made up", ...recording }])
)
