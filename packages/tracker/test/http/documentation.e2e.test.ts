/** Runs the examples of docs/tracker-api.md. */
import { execFileSync, spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as problems from "../../src/http/problems.ts"
import { snapshotOf } from "../support/httpStore.ts"
import { startServer, tokens } from "../support/startServer.ts"
import type { TestServer } from "../support/startServer.ts"

const text = readFileSync(new URL("../../../../docs/tracker-api.md", import.meta.url), "utf8")

const hasCurl = ((): boolean => {
  try {
    execFileSync("curl", ["--version"], { stdio: "ignore" })
    return true
  } catch {
    return false
  }
})()

/** Each example, with the JSON that follows it. */
const examples = [...text.matchAll(/^```sh\n(.*?)^```\n+(?:```json\n(.*?)^```)?/gms)].map(
  ([, script = "", json]) => ({
    title: /-X (\w+)/.exec(script)?.[1] ?? (script.includes("-d '") ? "POST" : "GET"),
    path: /\$GENTASK_SERVER([^"?]*)/.exec(script)?.[1] ?? "",
    script,
    json
  })
)

let server: TestServer
let folder: string
let settling: NodeJS.Timeout

beforeAll(async () => {
  server = await startServer()
  folder = await mkdtemp(join(tmpdir(), "gentask-docs-"))
  const path = join(server.dir, "jimmy-1234.png")
  await writeFile(path, "image")
  const sha256 = createHash("sha256").update("image").digest("hex")
  // Plays the owner of the account: accepts submits, and finishes the task.
  settling = setInterval(() => {
    for (const { id, state } of server.store.submits.values()) {
      if (state !== "queued") continue
      server.store.setTask("jimmy:1234", {
        status: "succeeded",
        saveState: "saved",
        endedAt: new Date(),
        snapshot: snapshotOf("jimmy:1234", { status: "succeeded" }),
        files: [{ path, kind: "image", role: "result", mediaType: "image/png", bytes: 5, sha256 }]
      })
      server.store.settleSubmit(id, { state: "accepted", refs: ["jimmy:1234"], error: null })
    }
  }, 20)
})
afterAll(async () => {
  clearInterval(settling)
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

/** Runs a script, until it ends or its output contains something. */
const run = (
  script: string,
  until?: string
): Promise<{ readonly status: number | null; readonly output: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn("sh", ["-ec", `exec ${script}`], {
      cwd: folder,
      env: { ...process.env, GENTASK_SERVER: server.url, GENTASK_TOKEN: tokens.all },
      stdio: ["ignore", "pipe", "inherit"]
    })
    let output = ""
    child.stdout.on("data", (data: Buffer) => {
      output += data.toString()
      if (until !== undefined && output.includes(until)) child.kill()
    })
    child.on("error", reject)
    child.on("close", (status) => resolve({ status, output }))
  })

const keysOf = (value: unknown): ReadonlyArray<string> =>
  Object.keys((Array.isArray(value) ? (value[0] as object) : value) as object)

describe.skipIf(!hasCurl)("examples (skipped if curl is not installed)", () => {
  it.each(examples)("$title $path works as documented", async ({ script, json, path }) => {
    if (path === "/v1/events") {
      expect((await run(script, "event: task.added")).output).toMatch(
        /^id: \d+\nevent: task.added\ndata: \{/m
      )
      return
    }
    const { status, output } = await run(script)
    expect(status).toBe(0)
    if (json !== undefined) expect(keysOf(JSON.parse(output))).toEqual(keysOf(JSON.parse(json)))
    if (script.includes("-o fox.png")) expect(await readFile(join(folder, "fox.png"), "utf8")).toBe("image")
  })
})

it("has examples for the main routes", () => {
  expect(examples.length).toBeGreaterThan(10)
})

it("documents each problem", () => {
  type Problem = new (fields: object) => { readonly type?: string }
  const fields = { error: { _tag: "Error", message: "" }, scope: "read", submit: "1" }
  const types = Object.values(problems).flatMap((value) =>
    typeof value === "function" ? (new (value as unknown as Problem)(fields).type ?? []) : []
  )
  expect(types.length).toBeGreaterThan(12)
  for (const type of types) {
    expect(type).toContain("docs/tracker-api.md#problem-")
    expect(text).toContain(`### Problem: ${type.slice(type.indexOf("#problem-") + 9)}\n`)
  }
})
