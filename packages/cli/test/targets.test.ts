/** Saves in a bucket with `--to`, as a process, on an S3 server that verifies signatures. */
import { createHash } from "node:crypto"
import { readdirSync } from "node:fs"
import { bucket, errorReply, startS3 } from "@gentask/tooling/s3/startS3"
import type { S3Server } from "@gentask/tooling/s3/startS3"
import { afterAll, assert, beforeAll, beforeEach, describe, it } from "vitest"
import { useEmulator } from "./emulator.ts"
import { linesOf, onlyJsonOf, run } from "./gentask.ts"
import type { RunResult } from "./gentask.ts"
import { newFolder } from "./project.ts"

const fixture = useEmulator()
let s3: S3Server

beforeAll(async () => {
  s3 = await startS3()
})
afterAll(() => s3[Symbol.asyncDispose]())
beforeEach(() => {
  s3.fault = undefined
})

const cwd = newFolder()

const gentask = (
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>> = {}
): Promise<RunResult> =>
  run(args, { env: { ...fixture.env, ...s3.env, XDG_STATE_HOME: newFolder(), ...env }, cwd })

interface SavedRecord {
  readonly files: ReadonlyArray<{
    readonly path: string
    readonly sha256: string
  }>
}

const filesOf = ({ stdout }: RunResult) => (onlyJsonOf(stdout) as unknown as SavedRecord).files

const sha256Of = async (key: string): Promise<string> => {
  const bytes = Buffer.from(await (await s3.get(key)).arrayBuffer())
  return createHash("sha256").update(bytes).digest("hex")
}

const secretOf = (env: Readonly<Record<string, string>>): string =>
  env["AWS_SECRET_ACCESS_KEY"] ?? assert.fail()

describe("--to", () => {
  it("saves at a prefix with any characters, and recognizes the object", async () => {
    const { id } = fixture.emulator.addTask({ vendor: "jimmy" })
    const prefix = "renders 2026/Füchse + 狐狸 (1)/a%20b'&=~!*"
    const args = ["save", `jimmy:${id}`, "--to", `s3://${bucket}/${prefix}`, "--json"]
    const first = await gentask(args)
    assert.strictEqual(first.status, 0, first.stderr)
    const [file] = filesOf(first)
    const key = `${prefix}/jimmy_${id}.png`
    assert.isDefined(file)
    assert.strictEqual(file.path, `s3://${bucket}/${key}`)
    assert.strictEqual(await sha256Of(key), file.sha256)
    s3.takeOperations()
    const second = await gentask(args)
    assert.strictEqual(filesOf(second)[0]?.sha256, file.sha256)
    assert.notInclude(s3.takeOperations(), "PUT object")
    assert.isEmpty(readdirSync(cwd))
  })

  it("submits, waits and saves, while the server is busy, and names what is retried", async () => {
    let busy = 2
    s3.fault = ({ operation }) => {
      if (operation !== "PUT object" || busy === 0) return undefined
      busy -= 1
      return errorReply(503, "SlowDown")
    }
    const args = ["generate", "jimmy", "gpt-image-2", "-p", "A fox", "--to", `s3://${bucket}/busy`]
    const { status, stdout, stderr } = await gentask(args)
    assert.strictEqual(status, 0, stderr)
    assert.include(stdout, `s3://${bucket}/busy/jimmy_`)
    assert.match(stderr, /saving was interrupted: the server responded with HTTP 503, SlowDown\. Retrying\./)
    assert.notInclude(stderr, "download")
  })

  it("never replaces an object of others without --overwrite", async () => {
    const { id } = fixture.emulator.addTask({ vendor: "jimmy" })
    const key = `mine/jimmy_${id}.png`
    await s3.put(key, "not yours")
    const args = ["save", `jimmy:${id}`, "--to", `s3://${bucket}/mine`]
    const { status, stderr } = await gentask(args)
    assert.strictEqual(status, 6)
    assert.include(stderr, `s3://${bucket}/${key}`)
    assert.strictEqual(await (await s3.get(key)).text(), "not yours")
    const replaced = await gentask([...args, "--overwrite", "--json"])
    assert.strictEqual(replaced.status, 0, replaced.stderr)
    assert.strictEqual(await sha256Of(key), filesOf(replaced)[0]?.sha256)
  })

  it("reports problems of the server and of the credentials without the keys", async () => {
    const { id } = fixture.emulator.addTask({ vendor: "jimmy" })
    const save = (env?: Record<string, string>) =>
      gentask(["save", `jimmy:${id}`, "--to", `s3://${bucket}/x`], env)
    const secret = "a-wrong-secret-that-is-not-printed"
    const wrong = await save({ AWS_SECRET_ACCESS_KEY: secret })
    assert.notStrictEqual(wrong.status, 0)
    assert.include(wrong.stderr, "SignatureDoesNotMatch")
    s3.fault = () => errorReply(403, "AccessDenied")
    const denied = await save()
    assert.include(denied.stderr, "access was denied")
    s3.fault = () => ({
      status: 301,
      headers: { "x-amz-bucket-region": "eu-central-1", location: "http://127.0.0.1:1/" },
      body: Buffer.alloc(0)
    })
    const elsewhere = await save()
    assert.include(elsewhere.stderr, "is in the region eu-central-1: set AWS_REGION")
    const missing = await save({ AWS_ACCESS_KEY_ID: "" })
    assert.strictEqual(missing.status, 4)
    assert.include(missing.stderr, "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
    const invalid = await gentask(["save", `jimmy:${id}`, "--to", "s3://Invalid_Bucket"])
    assert.strictEqual(invalid.status, 2)
    for (const { stdout, stderr } of [wrong, denied, elsewhere, missing, invalid]) {
      assert.isAtMost(linesOf(stderr).length, 3)
      for (const key of [secret, secretOf(s3.env)]) assert.notInclude(stdout + stderr, key)
    }
  })
})
