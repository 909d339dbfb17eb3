import { describe, expect, it } from "vitest"
import { rejection } from "./planted/plant.ts"
import type { Planted } from "./planted/plant.ts"

const isRecording = (name: string) => `${name}.json: is a recording`
const means = (name: string) => `${name}.json: the answer gives its meaning`
const words = "every word of statuses is recorded, and means there what statuses says"
const shown =
  "the recordings show a task that goes on, one that succeeded with an output, and one that failed"

/** A bug whose file is no recording any more. */
const unreadable = (
  bug: string,
  name: string,
  change: (file: any) => void,
  why: RegExp,
  also?: RegExp
): Planted => ({
  bug,
  files: (files) => change(files[name]),
  fails: { [isRecording(name)]: why },
  ...(also === undefined ? {} : { also })
})

const malformed: ReadonlyArray<Planted> = [
  unreadable(
    "no source",
    "no-such-job",
    (file) => delete file.source,
    /^no-such-job\.json is no recording: source is missing\.$/
  ),
  unreadable(
    "members that nobody knows",
    "no-such-job",
    (file) => {
      file.reqest = {}
      file.answer.stauts = 200
    },
    /^no-such-job\.json is no recording: reqest is no member of a recording; answer\.stauts is no member of a recording\.$/
  ),
  unreadable(
    "values of another type",
    "no-such-job",
    (file) => {
      file.answer.status = "404"
      file.at = "yesterday"
      file.request = { method: "PUT", url: "/jobs" }
    },
    /request\.method: expected "GET" \| "POST"; request\.url: expected a whole URL; answer\.status: expected .*; at: expected an ISO 8601 instant/
  ),
  unreadable(
    "a meaning that is a snapshot and a fault",
    "no-such-job",
    (file) => (file.means.status = "failed"),
    /^no-such-job\.json is no recording: means\.status is no member of a recording\.$/
  ),
  unreadable(
    "a meaning with a status that is none",
    "stopped",
    (file) => (file.means.status = "cancelled"),
    /^stopped\.json is no recording: means\.status: expected "queued" \| "running" \| /,
    /^every word of statuses/
  ),
  {
    bug: "a file that is no JSON, which is not quoted",
    files: (files) => (files["no-such-job"] = "sk-very-secret-very-secret"),
    fails: { [isRecording("no-such-job")]: /^no-such-job\.json cannot be read: it holds no JSON\.$/ }
  },
  {
    bug: "a task of another provider",
    files: (files) => (files["no-such-job"].ref = "comet:1"),
    fails: { "no-such-job.json: can be asked about": /^comet:1 is a task of comet, and this is orbit\./ }
  },
  {
    bug: "an account that cannot be made",
    files: (files) => (files["no-such-job"].account = { endpoint: "mian" }),
    fails: { "no-such-job.json: can be asked about": /^orbit has no endpoint "mian"/ }
  },
  {
    bug: "a key",
    files: (files) => (files["no-such-job"].account = { apiKey: "x" }),
    fails: { [isRecording("no-such-job")]: /^no-such-job\.json is no recording: account\.apiKey/ }
  }
]

const unlike: ReadonlyArray<Planted> = [
  {
    bug: "a meaning that lacks a member",
    files: (files) => delete files["done"].means.prompt,
    fails: { [means("done")]: /\n\+ {3}prompt: 'A cat'/ }
  },
  {
    bug: "a meaning with a member too many",
    files: (files) => (files["done"].means.outputs[0].width = 1024),
    fails: { [means("done")]: /\n- {7}width: 1024/ }
  },
  {
    bug: "no meaning",
    files: (files) => delete files["limited"].means,
    fails: {
      [means("limited")]:
        /^The recording has no "means"\. Run with GENTASK_RECORD=1 .*:\n\{\n {2}"fault": \{\n {4}"_tag": "RateLimited",/
    }
  },
  {
    bug: "another request than the provider's",
    files: (files) => (files["waiting"].request.url = "https://api.orbit.example/v2/jobs/job-1?expand=files"),
    fails: { "waiting.json: the request is what the document shows": /\+ +path: '.*\/v1\/jobs\/job-1'/ }
  },
  {
    bug: "a further exchange that is never asked for",
    // oxlint-disable-next-line unicorn/no-thenable -- a recording's member
    files: (files) => (files["waiting"].then = [{ answer: { body: {} } }]),
    fails: { [means("waiting")]: /^"then" holds 1 further exchanges, and the provider asks for 0\./ }
  },
  {
    bug: "a further exchange that is missing",
    files: (files) => delete files["done.later"].then,
    fails: {
      [means("done.later")]:
        /^The answer asks for one more request, GET \/v1\/results\/r%2F1\. Record its answer in "then"\.$/
    }
  },
  {
    bug: "a word that means something else",
    files: (files) => (files["working"].words = ["rendering", "waiting"]),
    fails: {
      "working.json: its other words mean the same":
        /^"waiting" in the place of the status does not mean the same\.[^]*\+ {3}status: 'queued'/
    }
  },
  {
    bug: "words where there is no status",
    files: (files) => (files["limited"].words = ["slow"]),
    fails: {
      "limited.json: its other words mean the same":
        /^The recording has "words", and its answer holds no word/
    }
  },
  {
    bug: "a word that is never recorded",
    files: (files) => delete files["working"].words,
    fails: { [words]: /^No recording shows the word "rendering" of statuses\.running\./ }
  },
  {
    bug: "a meaning that contradicts statuses, and nothing that decides it",
    files: (files) =>
      (files["stopped"].means = {
        ...files["stopped"].means,
        status: "failed",
        failure: { reason: "unknown" }
      }),
    fails: {
      [means("stopped")]: /\+ {3}status: 'canceled'\n- {3}status: 'failed'/,
      [words]: /^statuses says that "stopped" is canceled, and stopped\.json says that it is failed\./
    }
  },
  {
    bug: "no failed task",
    files: (files) => delete files["broken"],
    fails: {
      [shown]: /^No recording shows a task that failed\./,
      [words]: /^No recording shows the word "broken"/
    }
  },
  {
    bug: "no output",
    files: (files) => {
      delete files["done.later"]
      files["done"].answer.body.job.files = []
      delete files["done"].means.outputs
      files["done"].means.warnings = ["The task succeeded, and the vendor's answer holds no usable output."]
    },
    fails: { [shown]: /^No recording shows a task that succeeded with an output\./ }
  },
  {
    bug: "no request",
    files: (files) => {
      for (const file of Object.values(files)) delete file.request
    },
    fails: { "a recording shows the documented request": /^No recording has a "request"\./ }
  },
  {
    bug: "a result of a kind that is not made",
    spec: { mediaKinds: ["image"] },
    fails: {
      "the recorded results are of kinds in makes": /^done\.later\.json has a result of the kind video/
    }
  }
]

describe("the kit rejects a recording with", () => {
  it.each([...malformed, ...unlike])("$bug", (planted) => {
    const { found, due } = rejection(planted)
    expect(found).toEqual(due)
  })
})
