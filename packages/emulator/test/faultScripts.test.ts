/** What a script may say of faults, and what the emulator says of one that it cannot follow. */
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
  { fault: "status", status: 599, body: "empty", retryAfter: 0 },
  { fault: "status", status: 400, retryAfter: { seconds: 1, as: "body" } },
  { fault: "business", code: 1, retryAfter: 1 },
  { fault: "invalid-json" },
  { fault: "wrong-shape", as: "null" },
  { fault: "empty" },
  { fault: "html" },
  { fault: "huge", megabytes: 0.1, framing: "length" },
  { fault: "lag", polls: 2 },
  { fault: "unknown-word", word: "x", polls: "forever" },
  { fault: "status-back", to: "running" },
  { fault: "progress-back", progress: 0 },
  { fault: "no-output" }
]

const mediaFaults: readonly MediaFault[] = [
  { fault: "reset", when: "body", after: 9 },
  { fault: "status", status: 403, body: "xml", retryAfter: { seconds: 1, as: "date" } },
  { fault: "html" },
  { fault: "json" },
  { fault: "empty" },
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

const bad: readonly [object, string][] = [
  [{ faults: {} }, `A task's "faults" must be a list of faults, and not {}.`],
  [{ faults: ["reset"] }, `A task's "faults[0]" must be an object, and not 'reset'.`],
  [
    { mediaFaults: [{ fault: "none" }, { fault: "lag" }] },
    `A task's "mediaFaults[1].fault" must be one of "none", "delay", "hang", "reset", "truncated", "wrong-length", "slow", "chunked", "close-delimited", "status", "html", "json", "empty", "ignored-range", "other-range", "unsatisfiable", "changed", "no-validators", "weak-etag", "wrong-type", and not 'lag'.`
  ],
  [
    { links: [{ fault: "expired" }] },
    `A task's "links[0].link" must be one of "relative", "wrapped", "elsewhere", "replaced", "redirected", "expired", "forbidden", and not undefined.`
  ],
  [
    { faults: [{ fault: "lag", times: 2 }] },
    `A task's "faults[0]" has no option "times": the options of "lag" are "polls".`
  ],
  [
    { faults: [{ fault: "reset", constructor: 1 }] },
    `A task's "faults[0]" has no option "constructor": the options of "reset" are "when", "after", "times".`
  ],
  [
    { faults: [{ fault: "status" }] },
    `A task's "faults[0].status" must be a whole number from 400 to 599, and not null.`
  ],
  [
    { faults: [{ fault: "status", status: 200 }] },
    `A task's "faults[0].status" must be a whole number from 400 to 599, and not 200.`
  ],
  [
    { mediaFaults: [{ fault: "status", status: 429, retryAfter: { seconds: 1, as: "body" } }] },
    `A task's "mediaFaults[0].retryAfter" must be a whole number of seconds, or { seconds, as?: one of "seconds", "date" }, and not { seconds: 1, as: 'body' }.`
  ],
  [
    { faults: [{ fault: "status", status: 429, retryAfter: { as: "date" } }] },
    `A task's "faults[0].retryAfter" must be a whole number of seconds, or { seconds, as?: one of "seconds", "date", "body" }, and not { as: 'date' }.`
  ],
  [
    { faults: [{ fault: "delay" }] },
    `A task's "faults[0].ms" must be a number of milliseconds, 0 or more, and not null.`
  ],
  [
    { faults: [{ fault: "wrong-length", by: 0 }] },
    `A task's "faults[0].by" must be a whole number other than 0, and not 0.`
  ],
  [
    { faults: [{ fault: "slow", bytesPerSecond: 0 }] },
    `A task's "faults[0].bytesPerSecond" must be a number above 0, and not 0.`
  ],
  [
    { faults: [{ fault: "empty", times: 0 }] },
    `A task's "faults[0].times" must be a whole number from 1, or "forever", and not 0.`
  ],
  [
    { faults: [{ fault: "progress-back", progress: 1 }] },
    `A task's "faults[0].progress" must be a number from 0 up to 1, and not 1.`
  ],
  [
    { links: [{ link: "redirected", to: "10.0.0.1" }] },
    `A task's "links[0].to" must be one of "file", "itself", "elsewhere", or a URL, and not '10.0.0.1'.`
  ],
  [
    { links: [{ link: "redirected", to: "http://a/\r\nx:y" }] },
    `A task's "links[0].to" must be one of "file", "itself", "elsewhere", or a URL, and not 'http://a/\\r\\nx:y'.`
  ],
  [
    { mediaFaults: [{ fault: "wrong-type", contentType: "a\nb" }] },
    `A task's "mediaFaults[0].contentType" must be a text that a header can hold, and not 'a\\nb'.`
  ],
  [
    { faults: [{ fault: "business", retryAfter: 1 }] },
    `Only an aigptimage task can say in the body how long to wait.`
  ],
  [
    { faults: [{ fault: "status", status: 429, retryAfter: { seconds: 1, as: "body" } }] },
    `Only an aigptimage task can say in the body how long to wait.`
  ],
  [
    { vendor: "jimeng", faults: [{ fault: "business", code: "x" }] },
    `The code of a jimeng task's "business" fault must be a number.`
  ],
  [
    { mediaSize: 32_767 },
    `A task's "mediaSize" must be a whole number from 32768 to 17592186044416, and not 32767.`
  ],
  [
    { vendor: "jimeng", mediaSize: 2 ** 28 + 1 },
    `A jimeng image's "mediaSize" must be at most 268435456, since it can be asked for in base64.`
  ],
  [{ media: ["webp"], mediaSize: 2 ** 32 + 1 }, `The "mediaSize" of a webp must be at most 4294967296.`]
]

describe("a script of faults", () => {
  it("may say all of this, from code and over HTTP", async () => {
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

  it.each(bad)("is refused in one sentence: %j", async (fields, message) => {
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
