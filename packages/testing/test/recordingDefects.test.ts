import * as check from "./support/checkNames.ts"
import { testDefects } from "./support/Defect.ts"
import type { Defect } from "./support/Defect.ts"

/** A file that is not a valid recording. */
const invalidFile = (
  defect: string,
  name: string,
  change: (file: any) => void,
  why: RegExp,
  mayFail?: RegExp
): Defect => ({
  defect,
  files: (files) => change(files[name]),
  fails: { [check.validFile(name)]: why },
  mayFail
})

testDefects("the checks of recording files", [
  invalidFile(
    "a missing source",
    "no-such-job",
    (file) => delete file.source,
    /^no-such-job\.json is not a valid recording\. source: missing\.$/
  ),
  invalidFile(
    "unknown members",
    "no-such-job",
    (file) => {
      file.reqest = {}
      file.answer.stauts = 200
    },
    /\. answer\.stauts is not a member of a recording; reqest is not a member of a recording\.$/
  ),
  invalidFile(
    "values of the wrong type",
    "no-such-job",
    (file) => {
      file.answer.status = "404"
      file.at = "yesterday"
      file.request = { method: "PUT", url: "/jobs" }
    },
    /request\.method: .*"GET"\|"POST"; request\.url: Expected an absolute URL; answer\.status: .*; at: Expected an ISO 8601 instant/
  ),
  invalidFile(
    "an expected result that is both a snapshot and an error",
    "no-such-job",
    (file) => (file.means.status = "failed"),
    /^no-such-job\.json is not a valid recording\. means\.status is not a member of a recording\.$/
  ),
  invalidFile(
    "an expected result with an unknown status",
    "stopped",
    (file) => (file.means.status = "cancelled"),
    /^stopped\.json is not a valid recording\. means\.status: .*"queued"\|"running"/,
    /^every word of statuses/
  ),
  invalidFile(
    "an API key in the account",
    "no-such-job",
    (file) => (file.account = { apiKey: "x" }),
    /^no-such-job\.json is not a valid recording\. account\.apiKey: API keys must not be recorded/
  ),
  {
    defect: "a file that is not JSON, without quoting it",
    files: (files) => (files["no-such-job"] = "sk-very-secret-very-secret"),
    fails: { [check.validFile("no-such-job")]: /^no-such-job\.json cannot be read: it is not JSON\.$/ }
  },
  {
    defect: "a task of another provider",
    files: (files) => (files["no-such-job"].ref = "comet:1"),
    fails: { [check.buildable("no-such-job")]: /^comet:1 is a task of comet, but this provider is orbit\./ }
  },
  {
    defect: "an account with an unknown endpoint",
    files: (files) => (files["no-such-job"].account = { endpoint: "mian" }),
    fails: { [check.buildable("no-such-job")]: /"mian"/ }
  }
])

testDefects("the checks of expected results", [
  {
    defect: "an expected result with a missing member",
    files: (files) => delete files["done"].means.prompt,
    fails: { [check.result("done")]: /\n\+ {3}prompt: 'A cat'/ }
  },
  {
    defect: "an expected result with an additional member",
    files: (files) => (files["done"].means.outputs[0].width = 1024),
    fails: { [check.result("done")]: /\n- {7}width: 1024/ }
  },
  {
    defect: "a missing expected result",
    files: (files) => delete files["limited"].means,
    fails: {
      [check.result("limited")]:
        /^The recording has no "means"\. Run with GENTASK_RECORD=1 .*\n\{\n {2}"fault": \{\n {4}"_tag": "RateLimited",/
    }
  },
  {
    defect: "another request than the provider's",
    files: (files) => (files["waiting"].request.url = "https://api.orbit.example/v2/jobs/job-1?expand=files"),
    fails: { [check.request("waiting")]: /\+ +path: '.*\/v1\/jobs\/job-1'/ }
  },
  {
    defect: "a follow-up that is not requested",
    // oxlint-disable-next-line unicorn/no-thenable -- a member of a recording
    files: (files) => (files["waiting"].then = [{ answer: { body: {} } }]),
    fails: { [check.result("waiting")]: /^"then" has 1 follow-up requests, but the provider sends 0\./ }
  },
  {
    defect: "a missing follow-up",
    files: (files) => delete files["done.later"].then,
    fails: {
      [check.result("done.later")]:
        /^The response needs a follow-up request, GET \/v1\/results\/r%2F1\. Record its response in "then"\.$/
    }
  },
  {
    defect: "a status word with another meaning",
    files: (files) => (files["working"].words = ["rendering", "waiting"]),
    fails: {
      [check.otherWords("working")]:
        /^The response with the status word "waiting" decodes to another result\.[^]*\+ {3}status: 'queued'/
    }
  },
  {
    defect: "status words for a response without a status",
    files: (files) => (files["limited"].words = ["slow"]),
    fails: {
      [check.otherWords("limited")]: /^The recording has "words", but its response contains no status word/
    }
  }
])

testDefects("the checks of coverage", [
  {
    defect: "a status word that is not recorded",
    files: (files) => delete files["working"].words,
    fails: { [check.words]: /^No recording has the word "rendering" of statuses\.running\./ }
  },
  {
    defect: "an expected status that contradicts statuses",
    files: ({ stopped }) =>
      (stopped.means = { ...stopped.means, status: "failed", failure: { reason: "unknown" } }),
    fails: {
      [check.result("stopped")]: /\+ {3}status: 'canceled'\n- {3}status: 'failed'/,
      [check.words]: /^statuses maps "stopped" to canceled, but stopped\.json has it as failed\./
    }
  },
  {
    defect: "recordings without a failed task",
    files: (files) => delete files["broken"],
    fails: {
      [check.states]: /^No recording shows a failed task\./,
      [check.words]: /^No recording has the word "broken"/
    }
  },
  {
    defect: "recordings without an output",
    files: (files) => {
      delete files["done.later"]
      files["done"].answer.body.job.files = []
      delete files["done"].means.outputs
    },
    fails: { [check.states]: /^No recording shows a succeeded task with an output\./ },
    // Core adds a warning to the result.
    mayFail: /^done\.json: the response decodes to the expected result$/
  },
  {
    defect: "recordings without a request",
    files: (files) => {
      for (const file of Object.values(files)) delete file.request
    },
    fails: { "at least one recording has the documented request": /^No recording has a "request"\./ }
  },
  {
    defect: "a result of a kind that is not in mediaKinds",
    spec: { mediaKinds: ["image"] },
    fails: { [check.kinds]: /^done\.later\.json has a result of kind video/ }
  }
])
