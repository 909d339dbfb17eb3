/** Task scripts: scripted responses, defaults and validation. */
import { assert, describe, it } from "vitest"
import { TaskScriptError, vendors } from "../src/index.ts"
import { rootVendors } from "../src/vendors/vendorNames.ts"
import { inOrder, queryTask, send, start } from "./support.ts"

const vendorNames = vendors.map((name) => `"${name}"`).join("|")

describe("scripted responses", () => {
  it("come first, followed by the state of the task", async () => {
    const emulator = await start()
    const task = emulator.addTask({
      vendor: "sora",
      responses: [
        { status: 503, text: "<html>busy</html>", headers: { "content-type": "text/html" } },
        { status: 429, body: { error: "slow down" }, headers: { "retry-after": "1" }, times: 2 },
        { text: "" }
      ]
    })
    const responses = await inOrder(Array.from({ length: 5 }), () => queryTask(emulator, task))
    assert.deepEqual(
      responses.map(({ status, body, headers }) => [
        status,
        body.status ?? body,
        headers.get("content-type"),
        headers.get("retry-after")
      ]),
      [
        [503, "<html>busy</html>", "text/html", null],
        [429, { error: "slow down" }, "application/json; charset=utf-8", "1"],
        [429, { error: "slow down" }, "application/json; charset=utf-8", "1"],
        [200, "", "text/plain; charset=utf-8", null],
        [200, "completed", "application/json; charset=utf-8", null]
      ]
    )
  })

  it("replace a header regardless of its case", async () => {
    const emulator = await start()
    const responses = [{ body: {}, headers: { "Content-Type": "text/json" } }]
    const { headers } = await queryTask(emulator, emulator.addTask({ vendor: "jimmy", responses }))
    assert.strictEqual(headers.get("content-type"), "text/json")
  })

  it("can repeat forever", async () => {
    const emulator = await start()
    const task = emulator.addTask({
      vendor: "jimmy",
      responses: [{ status: 500, text: "", times: "forever" }]
    })
    const statuses = await Promise.all(Array.from({ length: 20 }, () => queryTask(emulator, task)))
    assert.isTrue(statuses.every(({ status }) => status === 500))
  })

  it("are not used by a query with an invalid key", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "jimmy", responses: [{ status: 502, text: "" }] })
    await queryTask(emulator, task, "sk-wrong")
    assert.strictEqual((await queryTask(emulator, task)).status, 502)
    assert.strictEqual(emulator.task("jimmy", task.id)?.polls, 1)
  })
})

describe("a task", () => {
  it.each(rootVendors)("of %s needs only a vendor", async (vendor) => {
    const emulator = await start()
    const task = emulator.addTask({ vendor })
    assert.strictEqual((await queryTask(emulator, task)).status, 200)
    assert.strictEqual(emulator.task(vendor, task.id), task)
    assert.deepEqual(emulator.tasks(), [task])
  })

  it("does not exist once it is removed, but its links continue to work", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "jimmy" })
    const { body } = await queryTask(emulator, task)
    assert.deepEqual(
      [emulator.removeTask("jimmy", task.id), emulator.removeTask("jimmy", task.id)],
      [true, false]
    )
    assert.strictEqual((await queryTask(emulator, task)).status, 404)
    assert.strictEqual((await send(body.data.result.image_url)).status, 200)
  })

  it("is a video if its first result is one", async () => {
    const emulator = await start()
    assert.deepEqual(
      [
        emulator.addTask({ vendor: "jimmy", media: ["mp4"] }).kind,
        emulator.addTask({ vendor: "jimmy", media: ["gif"] }).kind,
        emulator.addTask({ vendor: "sora", media: ["gif"] }).kind
      ],
      ["video", "image", "video"]
    )
  })
})

describe("an invalid script", () => {
  const invalid: readonly [unknown, string][] = [
    [null, "Invalid task script: expected object, received null."],
    [[], "Invalid task script: expected object, received []."],
    [{}, `Invalid task script: vendor: expected one of ${vendorNames}, received undefined.`],
    [{ vendor: "acme" }, `Invalid task script: vendor: expected one of ${vendorNames}, received 'acme'.`],
    [
      { vendor: "jimmy", id: "" },
      "Invalid task script: id: expected string to have >=1 characters, received ''."
    ],
    [
      { vendor: "jimmy", queuedFor: "soon" },
      "Invalid task script: queuedFor: expected number, received 'soon'."
    ],
    [
      { vendor: "jimmy", runningFor: -1 },
      "Invalid task script: runningFor: expected number to be >=0, received -1."
    ],
    [
      { vendor: "jimmy", end: "done" },
      `Invalid task script: end: expected one of "succeeded"|"failed"|"canceled"|"expired"|"never", received 'done'.`
    ],
    [
      { vendor: "jimmy", media: ["png", "bmp"] },
      `Invalid task script: media[1]: expected one of "png"|"jpeg"|"webp"|"gif"|"mp4"|"wav", received 'bmp'.`
    ],
    [
      { vendor: "jimmy", linkLifetime: "long" },
      "Invalid task script: linkLifetime: expected a number of milliseconds, received 'long'."
    ],
    [
      { vendor: "jimmy", statuses: { done: "x" } },
      'Invalid task script: statuses: Unrecognized key: "done".'
    ],
    [
      { vendor: "jimmy", failure: { constructor: "x" } },
      'Invalid task script: failure: unknown field "constructor": the fields are "code", "message".'
    ],
    [
      { vendor: "jimmy", failure: { code: true } },
      "Invalid task script: failure.code: expected a number or a non-empty string, received true."
    ],
    [
      { vendor: "jimmy", responses: [{ body: 1, text: "1" }] },
      "Invalid task script: responses[0]: expected either body or text, not both, received { body: 1, text: '1' }."
    ],
    [
      { vendor: "jimmy", responses: [{ headers: { "a b": "c", d: "\n" } }] },
      String.raw`Invalid task script: responses[0].headers["a b"]: expected a valid HTTP header name, received 'c'; responses[0].headers.d: expected a valid HTTP header value, received '\n'.`
    ],
    [
      { vendor: "jimmy", responses: [{ status: 99 }] },
      "Invalid task script: responses[0].status: expected number to be >=200, received 99."
    ],
    [
      { vendor: "jimmy", dialect: "kie" },
      `Invalid task script: dialect: expected one of "bare", "numeric-code" for a task of jimmy, received 'kie'.`
    ],
    [{ vendor: "sora", inline: true }, "Invalid task script: inline: only a jimeng task has this field."],
    [{ vendor: "sora", reqKey: "x" }, "Invalid task script: reqKey: only a jimeng task has this field."],
    [
      { vendor: "jimeng", failure: { code: "x" } },
      "Invalid task script: failure.code: expected a number for a task of jimeng, received 'x'."
    ],
    [
      { vendor: "sora", queuedFor: -1, kind: "text" },
      `Invalid task script: kind: expected one of "image"|"video"|"audio", received 'text'; queuedFor: expected number to be >=0, received -1.`
    ]
  ]
  it.each(invalid)("is rejected with the fields and expectations: %j", async (script, message) => {
    const emulator = await start()
    const overHttp = await send(`${emulator.url}/_emulator/tasks`, {
      method: "POST",
      body: JSON.stringify(script)
    })
    assert.deepEqual([overHttp.status, overHttp.body], [400, { error: message }])
    assert.throws(() => emulator.addTask(JSON.parse(JSON.stringify(script))), TaskScriptError, message)
    assert.deepEqual(emulator.tasks(), [])
  })

  it("is rejected with the known fields if it has an unknown one", async () => {
    const emulator = await start()
    assert.throws(
      () => emulator.addTask(JSON.parse('{ "vendor": "jimmy", "lasts": 1 }')),
      /^Invalid task script: unknown field "lasts": the fields are "vendor", "id", .*"responses", "faults", "mediaFaults", "links"\.$/
    )
  })

  it("is rejected if its id is already in use", async () => {
    const emulator = await start()
    emulator.addTask({ vendor: "jimmy", id: "a" })
    emulator.addTask({ vendor: "sora", id: "a" })
    assert.throws(
      () => emulator.addTask({ vendor: "jimmy", id: "a" }),
      TaskScriptError,
      'The jimmy task "a" already exists: remove it first.'
    )
  })
})
