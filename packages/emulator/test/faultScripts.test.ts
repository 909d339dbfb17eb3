/** The validation of faults in task scripts. */
import { assert, describe, it } from "vitest"
import type { LinkFault, MediaFault, QueryFault } from "../src/index.ts"
import { TaskScriptError } from "../src/index.ts"
import { send, start } from "./support.ts"

const queryFaults: readonly QueryFault[] = [
  { fault: "none", times: "forever" },
  { fault: "delay", ms: 0 },
  { fault: "hang", when: "body", after: 0, for: 1.5 },
  { fault: "reset", when: "headers" },
  { fault: "truncated", after: 1, framing: "chunked" },
  { fault: "wrong-length", by: -1 },
  { fault: "slow", bytesPerSecond: 0.5 },
  { fault: "chunked", times: 3 },
  { fault: "close-delimited" },
  { fault: "truncated", framing: "close" },
  { fault: "compressed", coding: "raw-deflate" },
  { fault: "status", status: 599, body: "empty", retryAfter: 0 },
  { fault: "status", status: 400, retryAfter: { seconds: 1, as: "body" } },
  { fault: "status", status: 429, retryAfter: { seconds: 1, as: "repeated", clockSkew: -5000 } },
  { fault: "status", status: 429, retryAfter: "soon" },
  { fault: "business", code: 1, retryAfter: 1 },
  { fault: "invalid-json" },
  { fault: "wrong-shape", as: "null" },
  { fault: "empty" },
  { fault: "empty", status: 204 },
  { fault: "bom" },
  { fault: "html" },
  { fault: "huge", megabytes: 0.1, framing: "length" },
  { fault: "lag", polls: 2 },
  { fault: "unknown-status", status: "x", polls: "forever" },
  { fault: "status-regression", to: "running" },
  { fault: "progress-regression", progress: 0 },
  { fault: "no-output" },
  { fault: "reordered", order: "rotated", more: ["gif", "mp4"], polls: 2 },
  { fault: "clock-skew", by: -3_600_000 }
]

const mediaFaults: readonly MediaFault[] = [
  { fault: "reset", when: "body", after: 9 },
  { fault: "status", status: 403, body: "xml", retryAfter: { seconds: 1, as: "date" } },
  { fault: "html" },
  { fault: "json" },
  { fault: "empty" },
  { fault: "empty", status: 202 },
  { fault: "compressed", coding: "zstd", times: 2 },
  { fault: "ignored-range" },
  { fault: "other-range", from: 3 },
  { fault: "unsatisfiable" },
  { fault: "changed", revision: 2, times: "forever" },
  { fault: "no-validators" },
  { fault: "weak-etag" },
  { fault: "wrong-type", contentType: "text/plain" }
]

const links: readonly LinkFault[] = [
  { link: "relative", queries: 1 },
  { link: "wrapped", in: "blanks" },
  { link: "elsewhere" },
  { link: "replaced", by: "" },
  { link: "redirected", hops: 3, status: 308, to: "http://10.0.0.1/" },
  { link: "redirected", to: "itself" },
  { link: "expired", queries: "forever" },
  { link: "forbidden", requests: 2 }
]

const invalid: readonly [object, string][] = [
  [{ faults: {} }, "Invalid task script: faults: expected array, received {}."],
  [{ faults: ["reset"] }, "Invalid task script: faults[0]: expected object, received 'reset'."],
  [
    { mediaFaults: [{ fault: "none" }, { fault: "lag" }] },
    `Invalid task script: mediaFaults[1].fault: expected one of "none", "delay", "hang", "reset", "truncated", "wrong-length", "slow", "chunked", "close-delimited", "compressed", "status", "html", "json", "empty", "ignored-range", "other-range", "unsatisfiable", "changed", "no-validators", "weak-etag", "wrong-type", received 'lag'.`
  ],
  [
    { links: [{ fault: "expired" }] },
    `Invalid task script: links[0].link: expected one of "relative", "wrapped", "elsewhere", "replaced", "redirected", "expired", "forbidden", received undefined.`
  ],
  [
    { faults: [{ fault: "lag", times: 2 }] },
    `Invalid task script: faults[0]: unknown field "times": the fields are "fault", "polls".`
  ],
  [
    { faults: [{ fault: "reset", constructor: 1 }] },
    `Invalid task script: faults[0]: unknown field "constructor": the fields are "fault", "when", "after", "times".`
  ],
  [
    { faults: [{ fault: "status" }] },
    "Invalid task script: faults[0].status: expected number, received undefined."
  ],
  [
    { faults: [{ fault: "status", status: 200 }] },
    "Invalid task script: faults[0].status: expected number to be >=400, received 200."
  ],
  [
    { mediaFaults: [{ fault: "status", status: 429, retryAfter: { seconds: 1, as: "body" } }] },
    `Invalid task script: mediaFaults[0].retryAfter: expected an integer number of seconds, the text of the header, or { seconds, as?: "seconds", "date" or "repeated", clockSkew? }, received { seconds: 1, as: 'body' }.`
  ],
  [
    { faults: [{ fault: "status", status: 429, retryAfter: { as: "date" } }] },
    `Invalid task script: faults[0].retryAfter: expected an integer number of seconds, the text of the header, or { seconds, as?: "seconds", "date", "repeated" or "body", clockSkew? }, received { as: 'date' }.`
  ],
  [
    { faults: [{ fault: "delay" }] },
    "Invalid task script: faults[0].ms: expected number, received undefined."
  ],
  [
    { faults: [{ fault: "wrong-length", by: 0 }] },
    "Invalid task script: faults[0].by: expected an integer other than 0, received 0."
  ],
  [
    { faults: [{ fault: "slow", bytesPerSecond: 0 }] },
    "Invalid task script: faults[0].bytesPerSecond: expected number to be >0, received 0."
  ],
  [
    { faults: [{ fault: "empty", times: 0 }] },
    `Invalid task script: faults[0].times: expected an integer of at least 1, or "forever", received 0.`
  ],
  [
    { faults: [{ fault: "progress-regression", progress: 1 }] },
    "Invalid task script: faults[0].progress: expected number to be <1, received 1."
  ],
  [
    { links: [{ link: "redirected", status: 300 }] },
    "Invalid task script: links[0].status: expected one of 301|302|303|307|308, received 300."
  ],
  [
    { links: [{ link: "redirected", to: "10.0.0.1" }] },
    `Invalid task script: links[0].to: expected "file", "itself", "elsewhere" or a URL, received '10.0.0.1'.`
  ],
  [
    { links: [{ link: "redirected", to: "http://a/\r\nx:y" }] },
    String.raw`Invalid task script: links[0].to: expected "file", "itself", "elsewhere" or a URL, received 'http://a/\r\nx:y'.`
  ],
  [
    { mediaFaults: [{ fault: "wrong-type", contentType: "a\nb" }] },
    String.raw`Invalid task script: mediaFaults[0].contentType: expected a valid HTTP header value, received 'a\nb'.`
  ],
  [
    { faults: [{ fault: "reordered" }] },
    "Invalid task script: faults[0].fault: the image of a task of jimmy is not in a list of results."
  ],
  [
    { faults: [{ fault: "business", retryAfter: 1 }] },
    "Invalid task script: faults[0].retryAfter: a task of jimmy cannot have Retry-After in the body."
  ],
  [
    { faults: [{ fault: "status", status: 429, retryAfter: { seconds: 1, as: "body" } }] },
    "Invalid task script: faults[0].retryAfter: a task of jimmy cannot have Retry-After in the body."
  ],
  [
    { vendor: "jimeng", faults: [{ fault: "none" }, { fault: "business", code: "x" }] },
    "Invalid task script: faults[1].code: expected a number for a task of jimeng, received 'x'."
  ],
  [{ mediaSize: 32_767 }, "Invalid task script: mediaSize: expected number to be >=32768, received 32767."],
  [
    { mediaSize: 2 ** 44 + 1 },
    "Invalid task script: mediaSize: expected number to be <=17592186044416, received 17592186044417."
  ],
  [
    { vendor: "jimeng", mediaSize: 2 ** 28 + 1 },
    "Invalid task script: mediaSize: expected at most 268435456 for a jimeng image, which can be requested in base64, received 268435457."
  ],
  [
    { media: ["webp"], mediaSize: 2 ** 32 + 1 },
    "Invalid task script: mediaSize: expected at most 4294967296 for a webp or a wav, received 4294967297."
  ]
]

describe("a script with faults", () => {
  it("accepts all faults and options, in code and over HTTP", async () => {
    const emulator = await start()
    const script = {
      vendor: "aigptimage",
      mediaSize: 2 ** 44,
      faults: queryFaults,
      mediaFaults,
      links
    } as const
    const added = emulator.addTask({ ...script, id: "code" })
    const overHttp = await send(`${emulator.url}/_emulator/tasks`, {
      method: "POST",
      body: JSON.stringify({ ...script, id: "http" })
    })
    assert.strictEqual(overHttp.status, 201)
    const { id: _, addedAt: __, ...rest } = overHttp.body
    assert.deepInclude(JSON.parse(JSON.stringify(added)), rest)
  })

  it.each(invalid)("is rejected if it is invalid: %j", async (fields, message) => {
    const emulator = await start()
    const script = { vendor: "jimmy", ...fields }
    const overHttp = await send(`${emulator.url}/_emulator/tasks`, {
      method: "POST",
      body: JSON.stringify(script)
    })
    assert.deepEqual([overHttp.status, overHttp.body], [400, { error: message }])
    assert.throws(() => emulator.addTask(JSON.parse(JSON.stringify(script))), TaskScriptError, message)
  })
})
