import * as check from "./support/checkNames.ts"
import { testOperationDefects } from "./support/OperationDefect.ts"

testOperationDefects("the checks of recorded operations", [
  {
    defect: "a missing accepted submit",
    files: (files) => {
      delete files["accepted"]
      delete files["accepted-video"]
    },
    fails: {
      [check.operationCoverage]: /^No recording shows an accepted submit\. Add one with the member "submit"/
    }
  },
  {
    defect: "a missing request",
    files: ({ canceled }) => {
      delete canceled.request
    },
    fails: { [check.operationCoverage]: /^No recording of cancel has a "request"\./ }
  },
  {
    defect: "another result",
    files: ({ canceled }) => {
      canceled.means.canceled = "requested"
    },
    fails: { [check.result("canceled")]: /^The decoded response differs from "means"\..*/ }
  },
  {
    defect: "an operation that the spec does not have",
    spec: { balance: undefined },
    fails: { [check.buildable("balance")]: /^The spec has no balance, but this is a recording of one\./ }
  },
  {
    defect: "a common input that the model does not support",
    files: ({ rejected }) => {
      rejected.submit.common.duration = 5
    },
    fails: {
      [check.buildable("rejected")]: /^The model comet-1 does not support the common input duration\./
    },
    mayFail: /^every operation of the spec/
  },
  {
    defect: "an input that the schema rejects",
    files: ({ rejected }) => {
      rejected.submit.input = { stile: "oil" }
    },
    fails: { [check.buildable("rejected")]: /^The model's schema rejects the input: .*stile/ },
    mayFail: /^every operation of the spec/
  },
  {
    defect: "invalid recordings",
    files: ({ accepted, canceled, uploaded, balance, notified, listed }) => {
      accepted.submit.modle = "comet-1"
      canceled.cancel = { ref: "orbit:job-7" }
      uploaded.means.refrence = "x"
      balance.balance = {}
      delete notified.webhook.body
      notified.answer = {}
      listed.recover.submittedAt = "yesterday"
    },
    fails: {
      [check.validFile("accepted")]: /submit\.modle is not a member of a recording/,
      [check.validFile("canceled")]: /cancel: /,
      [check.validFile("uploaded")]: /means\.refrence is not a member of a recording/,
      [check.validFile("balance")]: /balance: /,
      [check.validFile("notified")]: /answer is not a member of a recording/,
      [check.validFile("listed")]: /recover\.submittedAt: Expected an ISO 8601 instant/
    },
    mayFail: /^every operation of the spec|^a signed webhook/
  }
])
