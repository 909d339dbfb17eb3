import { fileURLToPath } from "node:url"
import { openLedger } from "@gentask/ledger"
import { join } from "node:path"
import { assert, beforeEach, describe, it } from "vitest"
import { useEmulator } from "./emulator.ts"
import { jsonLinesOf, linesOf, onlyJsonOf, run } from "./gentask.ts"
import type { RunResult } from "./gentask.ts"
import { newFolder } from "./project.ts"

const fixture = useEmulator()
const picture = fileURLToPath(new URL("../../emulator/media/sample.png", import.meta.url))

let state = ""
beforeEach(() => {
  state = newFolder()
  fixture.emulator.clearRequests()
  fixture.emulator.scriptSubmits("jimmy", { faults: [], task: {} })
})

const gentask = (
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>> = {}
): Promise<RunResult> => run(args, { env: { ...fixture.env, XDG_STATE_HOME: state, ...env } })

const submit = async (prompt: string): Promise<string> => {
  const { status, stdout, stderr } = await gentask(["submit", "jimmy", "gpt-image-2", "-p", prompt])
  assert.strictEqual(status, 0, stderr)
  return stdout.trim()
}

describe("list", () => {
  it("shows the tasks of all commands, the newest first", async () => {
    const out = newFolder()
    const fox = await submit("A red fox")
    const cat = await submit("A black cat")
    await gentask(["save", fox, "-o", out])
    const { status, stdout, stderr } = await gentask(["list"])
    assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
    const [head, ...rows] = linesOf(stdout).map((line) => line.split(/ {2,}/))
    assert.deepStrictEqual(head, ["REF", "STATUS", "AGE", "MODEL", "COST", "FILES", "PROMPT"])
    assert.deepStrictEqual(
      rows.map(([ref]) => ref),
      [cat, fox]
    )
    assert.deepStrictEqual(rows[1]?.slice(1, 2), ["succeeded"])
    assert.deepStrictEqual(rows[1]?.slice(-2), ["1", "A red fox"])
  })

  it("finds tasks by text, status, account and time, as JSON", async () => {
    const fox = await submit("A red fox")
    await submit("A black cat")
    const list = async (...args: ReadonlyArray<string>) =>
      jsonLinesOf((await gentask(["list", "--json", ...args])).stdout)
    const [found, ...others] = await list("--search", "FOX red")
    assert.lengthOf(others, 0)
    assert.strictEqual(found?.["ref"], fox)
    const names =
      "ref account status addedAt since endedAt model prompt cost failure traceId fileCount intent"
    assert.hasAllKeys(found, names.split(" "))
    assert.lengthOf(await list("--status", "failed"), 0)
    assert.lengthOf(await list("--status", "failed", "--status", "queued", "--status", "running"), 2)
    assert.lengthOf(await list("--account", "sora"), 0)
    assert.lengthOf(await list("--since", "1h", "--account", "jimmy"), 2)
    assert.lengthOf(await list("--since", "2999-01-01"), 0)
    assert.lengthOf(await list("--limit", "1"), 1)
  })

  it("names submits without a known outcome", async () => {
    fixture.emulator.scriptSubmits("jimmy", { faults: [{ fault: "html" }] })
    assert.strictEqual((await gentask(["submit", "jimmy", "gpt-image-2", "-p", "x"])).status, 7)
    const { stderr } = await gentask(["list"])
    assert.include(stderr, "1 submit has no known outcome. To check: gentask reconcile")
  })

  it("rejects an invalid time with status 2", async () => {
    const { status, stderr } = await gentask(["list", "--since", "soon"])
    assert.strictEqual(status, 2)
    assert.include(stderr, 'Invalid value "soon" for --since: expected an age such as 2d or 6h')
  })
})

describe("show", () => {
  it("shows the request, the events and the files of a task", async () => {
    const ref = await submit("A red fox")
    await gentask(["save", ref, "-o", newFolder()])
    const text = await gentask(["show", ref])
    assert.strictEqual(text.status, 0, text.stderr)
    for (const part of [`${ref}  succeeded`, "A red fox", "task.saved", "FILES"])
      assert.include(text.stdout, part)
    const { task, snapshot, intent, events, files } = onlyJsonOf(
      (await gentask(["show", ref, "--json"])).stdout
    )
    assert.deepInclude(task, { ref, status: "succeeded" })
    assert.deepInclude(snapshot, { ref, status: "succeeded" })
    assert.deepInclude(intent, { state: "accepted", model: "gpt-image-2" })
    assert.isNotEmpty(events)
    assert.lengthOf(files as ReadonlyArray<unknown>, 1)
  })

  it("ends with status 2 for a task that is not recorded", async () => {
    const { status, stderr } = await gentask(["show", "jimmy:nothing"])
    assert.strictEqual(status, 2)
    assert.include(stderr, "The ledger has no task jimmy:nothing.")
  })

  it("ends with status 2 for text that is not a task ref", async () => {
    const { status, stderr } = await gentask(["show", "nothing"])
    assert.strictEqual(status, 2)
    assert.include(stderr, "expected provider:taskId")
  })
})

describe("retry", () => {
  it("submits the same request again, with another key", async () => {
    const ref = await submit("A red fox")
    const { status, stdout, stderr } = await gentask(["retry", ref, "--yes"])
    assert.strictEqual(status, 0, stderr)
    assert.notStrictEqual(stdout.trim(), ref)
    const [first, second] = fixture.emulator.posts()
    assert.strictEqual(second?.body, first?.body)
  })

  it("needs --yes without a terminal", async () => {
    const ref = await submit("A red fox")
    const { status, stderr } = await gentask(["retry", ref])
    assert.strictEqual(status, 2)
    assert.match(
      stderr,
      /A retry of jimmy:\S+ \(.*\) creates another task\. Add --yes to submit\. Nothing was sent\./
    )
    assert.lengthOf(fixture.emulator.posts(), 1)
  })

  it("rejects a request with a file that was part of it, and a task of another program", async () => {
    const model = "jimeng_i2i_v30"
    const args = ["submit", "jimeng@octopusx", model, "-p", "A fox", "--image", picture]
    const submitted = await gentask(args)
    assert.strictEqual(submitted.status, 0, submitted.stderr)
    const withFile = await gentask(["retry", submitted.stdout.trim(), "--yes"])
    assert.strictEqual(withFile.status, 2)
    assert.include(withFile.stderr, "contained a file, and the ledger does not keep files")
    const foreign = await gentask(["retry", "jimmy:other", "--yes"])
    assert.strictEqual(foreign.status, 2)
    assert.include(foreign.stderr, "Only tasks that gentask submitted can be retried.")
  })
})

describe("cancel", () => {
  it("reports a vendor that cannot cancel", async () => {
    const { status, stderr } = await gentask(["cancel", "jimmy:1"])
    assert.strictEqual(status, 2)
    assert.include(
      stderr,
      "Jimmy AI cannot cancel a task. The task continues, and the vendor charges for it."
    )
    assert.lengthOf(fixture.emulator.requests, 0)
  })
})

describe("models", () => {
  it("lists the models of all providers, and of one", async () => {
    const all = jsonLinesOf((await gentask(["models", "--json"])).stdout)
    assert.includeMembers(
      all.map(({ account, model }) => `${String(account)} ${String(model)}`),
      ["jimmy gpt-image-2", "sora sora-2", "jimeng jimeng_t2i_v40"]
    )
    const { status, stdout } = await gentask(["models", "jimmy"])
    assert.strictEqual(status, 0)
    assert.match(stdout, /^jimmy +gpt-image-2 +image +prompt images aspectRatio resolution$/m)
    assert.notMatch(stdout, /^sora /m)
  })

  it("shows the fields of a model", async () => {
    const { stdout } = await gentask(["models", "jimmy", "gpt-image-2"])
    assert.match(stdout, /^prompt +text 1\.\. +yes$/m)
    assert.match(stdout, /^quality +low \| medium \| high$/m)
    assert.match(stdout, /^images +list of image\/\* \(FILE or URL\)$/m)
    const { input } = onlyJsonOf((await gentask(["models", "jimmy", "gpt-image-2", "--json"])).stdout)
    assert.deepInclude(input, { type: "object", required: ["prompt"] })
  })

  it("names the closest model", async () => {
    const { status, stderr } = await gentask(["models", "jimmy", "gpt-image2"])
    assert.strictEqual(status, 2)
    assert.include(stderr, 'jimmy does not know the model "gpt-image2". Did you mean gpt-image-2?')
  })
})

describe("balance", () => {
  it("prints the credit of an account", async () => {
    const { status, stdout } = await gentask(["balance", "jimmy", "--json"])
    assert.strictEqual(status, 0)
    const { account, available } = onlyJsonOf(stdout)
    assert.strictEqual(account, "jimmy")
    assert.deepInclude(available, { unit: "JimiCoin" })
    assert.match((await gentask(["balance", "jimmy"])).stdout, /^jimmy {2}[\d.]+ JimiCoin available/)
  })

  it("prints all accounts with a key, also those whose vendors do not report it", async () => {
    const { status, stdout, stderr } = await gentask(["balance"])
    assert.strictEqual(status, 0, stderr)
    assert.include(stdout, "jimmy  ")
    assert.include(stderr, "aigptimage: AI GPT Image has no documented way to query the balance.")
  })
})

describe("reconcile", () => {
  it("has nothing to do if every submit has an outcome", async () => {
    const { status, stderr } = await gentask(["reconcile"])
    assert.deepStrictEqual(
      { status, stderr },
      { status: 0, stderr: "Every recorded submit has a known outcome.\n" }
    )
  })

  it("ends with status 7 if the vendor cannot be queried", async () => {
    fixture.emulator.scriptSubmits("jimmy", { faults: [{ fault: "html" }] })
    await gentask(["submit", "jimmy", "gpt-image-2", "-p", "x", "--idempotency-key", "k"])
    const { status, stdout } = await gentask(["reconcile", "--json"])
    assert.strictEqual(status, 7)
    const { account, idempotencyKey, result, refs } = onlyJsonOf(stdout)
    assert.deepStrictEqual(
      { account, idempotencyKey, result, refs },
      { account: "jimmy", idempotencyKey: "k", result: "unknown", refs: [] }
    )
    assert.lengthOf(fixture.emulator.posts(), 1)
  })

  it("finds the task where a key can be replayed", async () => {
    const faults = [1, 2, 3, 4].map(() => ({ fault: "html" as const }))
    fixture.emulator.scriptSubmits("aigptimage", { faults })
    const args = ["submit", "aigptimage", "gpt-image-2-text-to-image", "-p", "x"]
    const { status, stderr } = await gentask(args)
    assert.strictEqual(status, 7, stderr)
    const reconciled = await gentask(["reconcile", "--json"])
    assert.strictEqual(reconciled.status, 0, reconciled.stderr + reconciled.stdout)
    const { result, refs } = onlyJsonOf(reconciled.stdout)
    assert.strictEqual(result, "accepted")
    await using ledger = await openLedger({ path: join(state, "gentask", "ledger.db") })
    assert.deepStrictEqual(
      (await ledger.list()).tasks.map(({ ref }) => ref),
      refs
    )
    assert.strictEqual(
      fixture.emulator.submitCounts().find(({ service }) => service === "aigptimage")?.tasks,
      1
    )
  })

  it("ends with status 2 for an unknown intent", async () => {
    const { status, stderr } = await gentask(["reconcile", "nothing"])
    assert.strictEqual(status, 2)
    assert.include(stderr, "The ledger has no intent nothing.")
  })
})
