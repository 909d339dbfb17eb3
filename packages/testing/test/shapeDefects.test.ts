import { snapshot } from "@gentask/core/provider"
import * as z from "zod"
import { alterFollowUp, alterSnapshot } from "./support/alterDecode.ts"
import * as check from "./support/checkNames.ts"
import { testDefects } from "./support/Defect.ts"
import { Body, decode, decodeError } from "./support/orbit.ts"

testDefects("the checks of undocumented shapes", [
  {
    defect: "a missing schema and members that are used unchecked",
    query: { response: z.unknown() },
    fails: {
      [check.shape]: /^query\.decode throws on the response null: Cannot (read|destructure)/,
      [check.mutations("done")]:
        /^query\.decode throws on a response whose member job\.files is a string: .* is not a function/
    },
    mayFail: /mistyped member/
  },
  {
    defect: "an empty object as a queued task",
    query: {
      decode: (body: Body) => (Object.keys(body).length === 0 ? snapshot({ status: "queued" }) : decode(body))
    },
    fails: { [check.shape]: /^The response \{\} decodes to queued\./ }
  },
  {
    defect: "a decodeError that throws",
    query: {
      decodeError: (body: Body, http) =>
        decodeError({ ...body, message: (body.message as string).trim() }, http)
    },
    fails: {
      [check.shape]: /^query\.decodeError throws on the response \{\}: Cannot read properties of undefined/,
      [check.mutations("limited")]:
        /^query\.decodeError throws on a response whose member message is missing/,
      [check.httpStatus(401, "Unauthorized")]: /decodes to UnexpectedResponse/
    },
    mayFail: /^HTTP \d|^Retry-After/
  },
  {
    defect: "a failure that depends on another member than the status",
    query: {
      decode: alterSnapshot((_, __, { message }) => (message === "ok" ? undefined : { status: "failed" }))
    },
    fails: {
      [check.mutations("waiting")]:
        /^The status word "waiting" is queued, but a response whose member message is missing decodes to failed\./,
      [check.mutations("done")]:
        /^The status word "done" is succeeded, but .* message is missing decodes to failed\./
    },
    mayFail: /mistyped member/
  },
  {
    defect: "a success that depends on the progress",
    query: {
      decode: alterSnapshot(({ progress }) => (progress === 1 ? { status: "succeeded" } : undefined))
    },
    fails: {
      [check.mutations("working")]:
        /^The status word "working" is running, but .* job\.progress is 100 decodes to succeeded\./
    },
    mayFail: /mistyped member|an unknown status word/
  },
  {
    defect: "a failure if a success has no output",
    query: {
      decode: alterSnapshot(({ rawStatus, outputs = [] }) =>
        rawStatus === "done" && outputs.length === 0 ? { status: "failed" } : undefined
      )
    },
    fails: {
      [check.mutations("done")]:
        /^The status word "done" is succeeded, but .* job\.files is missing decodes to failed\./,
      [check.mutations("done.later")]:
        /^The status word "done" is succeeded, but .* job\.result_id is missing decodes to failed\./
    }
  },
  {
    defect: "a response schema that rejects unknown members",
    query: { response: Body.strict() },
    fails: { [check.unknownMembers("waiting")]: /^An unknown member changes the result/ },
    mayFail: /unknown members/
  },
  {
    defect: "a follow-up schema that rejects unknown members of outputs",
    query: {
      decode: alterFollowUp(() => ({
        response: z.object({ files: z.array(z.strictObject({ type: z.string(), url: z.string() })) })
      }))
    },
    fails: {
      [check.unknownMembers("done.later")]:
        /^An unknown member in files\.0 changes the result[^]*path: 'files\.0'/
    }
  },
  {
    defect: "a follow-up request with a path that is not encoded",
    query: {
      decode: alterFollowUp(({ request }) => ({
        request: { ...request, path: request.path.replace("%2F", "/") }
      }))
    },
    fails: {
      [check.request("done.later")]: /\+ +path: '.*results\/r\/1',?\n- +path: '.*results\/r%2F1'/
    }
  },
  {
    defect: "a follow-up that throws",
    query: { decode: alterFollowUp(() => ({ response: z.unknown() })) },
    fails: {
      [check.shape]: /^query\.decode's follow-up\.decode throws on the follow-up response null/,
      [check.mutations("done.later")]:
        /^query\.decode's follow-up\.decode throws on a response whose member files is a string/
    }
  }
])
