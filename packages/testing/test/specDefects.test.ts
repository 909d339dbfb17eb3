import type { ProviderSpec, RequestSpec } from "@gentask/core/provider"
import * as z from "zod"
import * as check from "./support/checkNames.ts"
import { testDefects } from "./support/Defect.ts"
import type { Defect } from "./support/Defect.ts"
import { request, statuses } from "./support/orbit.ts"
import type { Task } from "./support/orbit.ts"

const invalidSpec = (
  defect: string,
  spec: Partial<ProviderSpec>,
  fails: Defect["fails"],
  mayFail?: RegExp
) => ({
  defect,
  spec,
  fails,
  mayFail
})

testDefects("the checks of the spec", [
  invalidSpec("an id in uppercase", { id: "Orbit" }, { [check.specShape]: /^The spec is invalid: id must / }),
  invalidSpec(
    "documentation over http",
    { docs: "http://docs.orbit.example" },
    { [check.urls]: /^docs "http:\/\/docs\.orbit\.example" is not an https URL/ }
  ),
  invalidSpec(
    "a base URL with a query",
    { endpoints: { main: { baseUrl: "https://api.orbit.example?v=1" } } },
    {
      [check.urls]: /^The baseUrl of endpoint main is not an https URL of a host and a path/,
      [check.examples]: /^The request for the example orbit:job-1 cannot be built: /
    }
  ),
  invalidSpec(
    "an unknown default endpoint",
    { defaultEndpoint: "mian" },
    {
      "defaultEndpoint is one of the endpoints":
        /^defaultEndpoint "mian" is not one of the endpoints: main\./,
      [check.examples]: /^The request for the example orbit:job-1 cannot be built: .*"mian"/
    }
  ),
  invalidSpec(
    "missing kinds of media",
    { mediaKinds: undefined },
    {
      [check.mediaKinds]: /^mediaKinds is missing\./,
      [check.lifetimes]: /^resultLifetimeMs has image, but mediaKinds does not\./,
      [check.kinds]: /^done\.json has a result of kind image/
    }
  ),
  invalidSpec(
    "an unknown kind of media",
    { mediaKinds: ["image", "video", "film" as "video"] },
    { [check.mediaKinds]: /^mediaKinds contains "film"/ }
  ),
  invalidSpec(
    "a word under two statuses",
    { statuses: { ...statuses, unknown: ["DONE"] } },
    {
      [check.statuses]: /^statuses has the word "DONE" under succeeded and under unknown/,
      [check.words]: /^statuses maps "done" to unknown, but done\.json has it as succeeded\./
    },
    /^done/
  ),
  invalidSpec(
    "a word with spaces around it",
    { statuses: { ...statuses, expired: [" gone "] } },
    {
      [check.statuses]: /^statuses\.expired contains " gone "/,
      [check.words]: /^No recording has the word "gone"/
    }
  ),
  invalidSpec(
    "missing statuses",
    { statuses: undefined },
    { [check.statuses]: /^statuses is missing/ },
    /decodes to the expected result$|^every word of statuses/
  ),
  invalidSpec(
    "a poll hint whose minimum exceeds its maximum",
    { pollHint: { minMs: 20_000, maxMs: 2000 } },
    { "pollHint has minMs at most maxMs": /^pollHint has minMs 20000 and maxMs 2000\./ }
  ),
  invalidSpec(
    "a lifetime of a kind that is not in mediaKinds",
    { resultLifetimeMs: { image: 3_600_000, audio: 1 } },
    { [check.lifetimes]: /^resultLifetimeMs has audio, but mediaKinds does not\./ }
  ),
  invalidSpec(
    "a rate limit of half a request",
    { rateLimits: () => [{ requests: 0.5, windowMs: 1000 }] },
    { "rateLimits returns positive integers": /^rateLimits returns 0\.5 requests in 1000 ms/ }
  ),
  invalidSpec(
    "missing examples",
    { examples: [] },
    {
      [check.examples]: /^examples is missing\. List a task ref for each kind of query, such as "orbit:1234"/
    },
    /: the request equals the documented one$/
  ),
  invalidSpec(
    "an example of another provider",
    { examples: ["orbit:job-1", "orbital:job-1"] },
    { [check.examples]: /^The example orbital:job-1 is of orbital, not of orbit\./ }
  ),
  invalidSpec(
    "an example with a misspelled param",
    { examples: ["orbit:job-1", "orbit:job-1?regoin=north"] },
    {
      [check.examples]:
        /^The request for the example orbit:job-1\?regoin=north cannot be built: .*regoin.*regoin/
    }
  ),
  invalidSpec(
    "settings that accept unknown members",
    { settings: z.object({ tier: z.string().optional() }) },
    { [check.settings]: /^The schema of settings accepts unknown members/ }
  ),
  invalidSpec(
    "params that accept unknown members",
    { params: z.object({ region: z.string().optional() }) },
    { [check.params]: /^The schema of params accepts unknown members/ }
  ),
  invalidSpec(
    "an asynchronous schema of params",
    { params: { "~standard": { version: 1, vendor: "slow", validate: async () => ({ value: {} }) } } },
    {
      [check.examples]: /asynchronous/,
      [check.params]: /^The schema of params is asynchronous/
    }
  )
])

const invalidRequest = (
  defect: string,
  change: (request: RequestSpec, task: Task) => object,
  fails: Defect["fails"],
  mayFail?: RegExp
) => ({
  defect,
  query: { request: (task: Task) => ({ ...request(task), ...change(request(task), task) }) },
  fails,
  mayFail
})
const documented = /^(done.*|waiting.*): the request equals the documented one$/
let requestCount = 0

testDefects("the checks of requests", [
  invalidRequest(
    "a crash without params",
    (_, { params }) => ({ query: { expand: "files", region: (params.region as string).trim() } }),
    {
      [check.examples]: /^query\.request crashes on orbit:job-1 \(Cannot read properties of undefined/,
      "a ref without params is queried or rejected with a message": /^query\.request crashes on orbit:job-1 /
    },
    /the request can be built$|^the recordings show|^every word of statuses/
  ),
  invalidRequest(
    "an undocumented header",
    () => ({ headers: { accept: "*/*" } }),
    {
      [check.request("waiting")]:
        /^The request differs from the documented one[^]*\+ {5}accept: '\*\/\*'\n- {5}accept: 'application\/json'/
    },
    documented
  ),
  invalidRequest(
    "a method other than GET and POST",
    () => ({ method: "DELETE" }),
    { [check.requestForm]: /^query\.request uses the method DELETE for orbit:job-1\./ },
    documented
  ),
  invalidRequest("a relative path", ({ path }) => ({ path: path.slice(1) }), {
    [check.examples]: /^The request for the example orbit:job-1 cannot be built: .*path/,
    [check.requestForm]:
      /^query\.request returns the path "v1\/jobs\/job-1" for orbit:job-1\. Start it with "\/"\.$/
  }),
  invalidRequest("an id that is not encoded", (_, { id }) => ({ path: `/v1/jobs/${id}` }), {
    [check.ids]: /^The id "a\/b" changes the form of the request[^]*\+ {3}segments: 5\n- {3}segments: 4/
  }),
  invalidRequest(
    "an id that is converted to lowercase",
    (_, task) => request({ ...task, id: task.id.toLowerCase() }),
    { "different task ids build different requests": /^The ids "ab" and "AB" build the same request/ }
  ),
  invalidRequest(
    "an id in a header",
    ({ headers }, { id }) => ({ headers: { ...headers, "x-job": id } }),
    { [check.ids]: /^The id "é任务" is not encoded in the header x-job\./ },
    documented
  ),
  invalidRequest("params that are not sent", (_, task) => request({ ...task, params: {} }), {
    [check.request("done")]: /\n- +'region=north'/
  }),
  invalidRequest(
    "a header that counts requests",
    ({ headers }) => ({ headers: { ...headers, "x-count": String((requestCount += 1)) } }),
    {
      [check.pureRequest]:
        /^query\.request returns another result when it is called again with the same arguments\./,
      "a snapshot's ref builds the same request again, params included": /builds another request/
    },
    /decoding the response is pure|equals the documented one|^a response of an invalid shape|mistyped member/
  )
])
