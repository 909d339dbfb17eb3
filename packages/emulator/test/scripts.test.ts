/** What a script may say, and what the emulator says of one that it cannot follow. */
import { assert, describe, it } from "vitest"
import { TaskScriptError, vendors } from "../src/index.ts"
import { ask, inOrder, send, start } from "./support.ts"

describe("scripted answers", () => {
  it("come first, as often as they say, and then the timeline answers", async () => {
    const emulator = await start()
    const task = emulator.addTask({
      vendor: "sora",
      answers: [
        { status: 503, text: "<html>busy</html>", headers: { "content-type": "text/html" } },
        { status: 429, body: { error: "slow down" }, headers: { "retry-after": "1" }, times: 2 },
        { text: "" }
      ]
    })
    const answers = await inOrder(Array.from({ length: 5 }), () => ask(emulator, task))
    assert.deepEqual(
      answers.map(({ status, body, headers }) => [
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

  it("replace a header whatever its case", async () => {
    const emulator = await start()
    const answers = [{ body: {}, headers: { "Content-Type": "text/json" } }]
    const { headers } = await ask(emulator, emulator.addTask({ vendor: "jimmy", answers }))
    assert.strictEqual(headers.get("content-type"), "text/json")
  })

  it("can go on forever", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "jimmy", answers: [{ status: 500, text: "", times: "forever" }] })
    const statuses = await Promise.all(Array.from({ length: 20 }, () => ask(emulator, task)))
    assert.isTrue(statuses.every(({ status }) => status === 500))
  })

  it("are not spent by a query with a wrong key", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "jimmy", answers: [{ status: 502, text: "" }] })
    await ask(emulator, task, "sk-wrong")
    assert.strictEqual((await ask(emulator, task)).status, 502)
    assert.strictEqual(emulator.task("jimmy", task.id)?.polls, 1)
  })
})

describe("a task", () => {
  it.each(vendors)("of %s needs nothing but its vendor", async (vendor) => {
    const emulator = await start()
    const task = emulator.addTask({ vendor })
    assert.strictEqual((await ask(emulator, task)).status, 200)
    assert.strictEqual(emulator.task(vendor, task.id), task)
    assert.deepEqual(emulator.tasks(), [task])
  })

  it("is gone once it is removed, while its links go on working", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "jimmy" })
    const { body } = await ask(emulator, task)
    assert.deepEqual(
      [emulator.removeTask("jimmy", task.id), emulator.removeTask("jimmy", task.id)],
      [true, false]
    )
    assert.strictEqual((await ask(emulator, task)).status, 404)
    assert.strictEqual((await send(body.data.result.image_url)).status, 200)
  })

  it("is a video when its first medium is one", async () => {
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

describe("a script that cannot be followed", () => {
  const bad: readonly [unknown, string][] = [
    [null, `A task must be an object such as { "vendor": "jimmy" }.`],
    [[], `A task must be an object such as { "vendor": "jimmy" }.`],
    [{}, `A task's "vendor" must be one of "jimmy", "sora", "jimeng", "aigptimage", and not null.`],
    [
      { vendor: "kling" },
      `A task's "vendor" must be one of "jimmy", "sora", "jimeng", "aigptimage", and not 'kling'.`
    ],
    [{ vendor: "jimmy", id: "" }, `A task's "id" must be a text that is not empty, and not ''.`],
    [
      { vendor: "jimmy", queuedFor: "soon" },
      `A task's "queuedFor" must be a number of milliseconds, 0 or more, and not 'soon'.`
    ],
    [
      { vendor: "jimmy", runningFor: -1 },
      `A task's "runningFor" must be a number of milliseconds, 0 or more, and not -1.`
    ],
    [
      { vendor: "jimmy", end: "done" },
      `A task's "end" must be one of "succeeded", "failed", "canceled", "expired", "never", and not 'done'.`
    ],
    [
      { vendor: "jimmy", media: ["bmp"] },
      `A task's "media" must be a list whose members are each one of "png", "jpeg", "webp", "gif", "mp4", and not [ 'bmp' ].`
    ],
    [
      { vendor: "jimmy", words: { done: "x" } },
      `A task's "words" must be an object of texts whose keys are among "queued", "running", "succeeded", "failed", "canceled", "expired", and not { done: 'x' }.`
    ],
    [
      { vendor: "jimmy", failure: { constructor: "x" } },
      `A task's "failure" must be an object { code?, message? }, and not { constructor: 'x' }.`
    ],
    [
      { vendor: "jimmy", answers: [{ body: 1, text: "1" }] },
      `A task's "answers" must be a list whose members are each an object { status?: 200-599, headers?, body? or text?, times?: 1 or more or "forever" }, and not [ { body: 1, text: '1' } ].`
    ],
    [
      { vendor: "jimmy", answers: [{ headers: { "a b": "c" } }] },
      `A task's "answers" must be a list whose members are each an object { status?: 200-599, headers?, body? or text?, times?: 1 or more or "forever" }, and not [ { headers: [Object] } ].`
    ],
    [
      { vendor: "jimmy", dialect: "kie" },
      `A jimmy task's "dialect" must be one of "bare", "numeric-code", and not "kie".`
    ],
    [{ vendor: "sora", inline: true }, `Only a jimeng task has "inline".`],
    [{ vendor: "sora", reqKey: "x" }, `Only a jimeng task has "reqKey".`],
    [{ vendor: "jimeng", failure: { code: "x" } }, `A jimeng task's "failure.code" must be a number.`]
  ]
  it.each(bad)("is refused in one sentence: %j", async (script, message) => {
    const emulator = await start()
    const overHttp = await send(`${emulator.url}/_emulator/tasks`, {
      method: "POST",
      body: JSON.stringify(script)
    })
    assert.deepEqual([overHttp.status, overHttp.body], [400, { error: message }])
    assert.throws(() => emulator.addTask(JSON.parse(JSON.stringify(script))), TaskScriptError, message)
    assert.deepEqual(emulator.tasks(), [])
  })

  it("names the fields that there are", async () => {
    const emulator = await start()
    assert.throws(
      () => emulator.addTask(JSON.parse('{ "vendor": "jimmy", "lasts": 1 }')),
      /^A task has no field "lasts": its fields are "vendor", "id", .*"answers", "faults", "mediaFaults", "links"\.$/
    )
  })

  it("includes a second task of one id", async () => {
    const emulator = await start()
    emulator.addTask({ vendor: "jimmy", id: "a" })
    emulator.addTask({ vendor: "sora", id: "a" })
    assert.throws(
      () => emulator.addTask({ vendor: "jimmy", id: "a" }),
      TaskScriptError,
      "There is already a jimmy task a: remove it first."
    )
  })
})
