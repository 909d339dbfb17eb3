import { createHmac } from "node:crypto"
import { existsSync, readdirSync, statSync } from "node:fs"
import { createServer } from "node:http"
import { join } from "node:path"
import { once } from "node:events"
import type { AddressInfo } from "node:net"
import { assert, describe, it, vi } from "vitest"
import { useEmulator } from "./emulator.ts"
import { jsonLinesOf, linesOf, onlyJsonOf, run, start } from "./gentask.ts"
import { newFolder } from "./project.ts"
import { onlyJimmy, startTestTracker, stateOf } from "./trackers.ts"

const fixture = useEmulator()
const image = ["jimmy", "gpt-image-2", "-p", "A fox in the snow"]

describe("gentask serve", () => {
  it("creates a token that only the user can read, prints it once, and stops with status 0", async () => {
    const vendors = onlyJimmy(fixture.env)
    await using tracker = await startTestTracker(vendors)
    const { env, process } = tracker
    const file = join(stateOf(env), "tracker-token")
    assert.match(tracker.token, /^gtk_[\w-]{43}$/)
    assert.strictEqual(statSync(file).mode & 0o777, 0o600)
    process.child.kill("SIGTERM")
    assert.strictEqual((await process.result).status, 0)
    assert.isFalse(existsSync(join(stateOf(env), "ledger.db.tracker.json")))
    await using again = await startTestTracker(vendors, [], env["XDG_STATE_HOME"])
    assert.strictEqual(again.token, "")
    assert.match(again.url, /^http:\/\/127\.0\.0\.1:43\d\d$/)
    again.process.child.kill("SIGINT")
    assert.strictEqual((await again.process.result).status, 0)
  })

  it("submits and saves for the commands of this machine, and saves without them", async () => {
    await using tracker = await startTestTracker(onlyJimmy(fixture.env))
    fixture.emulator.clearRequests()
    const { status, stdout } = await tracker.run("submit", ...image, "--json")
    assert.strictEqual(status, 0)
    const { ref } = onlyJsonOf(stdout) as { readonly ref: string }
    const out = newFolder()
    const waited = await tracker.run("wait", ref, "--save", out, "--json")
    assert.strictEqual(waited.status, 0, waited.stderr)
    assert.lengthOf(readdirSync(out), 2)
    assert.lengthOf(fixture.emulator.posts(), 1)
    const listed = onlyJsonOf((await tracker.run("list", "--json")).stdout)
    assert.deepInclude(listed, { ref, status: "succeeded", prompt: "A fox in the snow", fileCount: 1 })
    const saved = readdirSync(join(stateOf(tracker.env), "files"))
    assert.deepStrictEqual(saved.toSorted(), readdirSync(out).toSorted())
  })

  it("cancels for the commands of this machine, which need no API key", async () => {
    const vendors = Object.entries(fixture.env).filter(([name]) => name.startsWith("RUNWAY"))
    await using tracker = await startTestTracker(Object.fromEntries(vendors))
    const { id } = fixture.emulator.addTask({ vendor: "runway", end: "never" })
    const env = { XDG_STATE_HOME: tracker.env["XDG_STATE_HOME"] ?? "" }
    const canceled = await run(["cancel", `runway:${id}`, "--json"], { env })
    assert.strictEqual(canceled.status, 0, canceled.stderr)
    assert.include(onlyJsonOf(canceled.stdout), { result: "canceled" })
    await vi.waitFor(async () => {
      const listed = onlyJsonOf((await tracker.run("list", "--json")).stdout)
      assert.include(listed, { ref: `runway:${id}`, status: "canceled" })
    }, 15_000)
  })

  it("continues after kill -9, and commands work without it meanwhile", async () => {
    const vendors = onlyJimmy(fixture.env)
    const state = newFolder()
    const first = await startTestTracker(vendors, ["--listen", "127.0.0.1:0"], state)
    const { stdout } = await first.run("submit", ...image)
    const [ref = ""] = linesOf(stdout)
    await first[Symbol.asyncDispose]()
    assert.isTrue(existsSync(join(state, "gentask", "ledger.db.tracker.json")))
    const direct = await run(["wait", ref, "--json"], { env: { ...vendors, XDG_STATE_HOME: state } })
    assert.strictEqual(direct.status, 0, direct.stderr)
    await using second = await startTestTracker(vendors, ["--listen", "127.0.0.1:0"], state)
    await vi.waitFor(async () => {
      const [task] = jsonLinesOf((await second.run("list", "--json")).stdout)
      assert.deepInclude(task, { ref, status: "succeeded" })
    }, 15_000)
  })

  it("refuses a second tracker on the same ledger, and names the first", async () => {
    await using tracker = await startTestTracker(onlyJimmy(fixture.env))
    const { status, stderr } = await tracker.run("serve", "--listen", "127.0.0.1:0")
    assert.strictEqual(status, 2)
    assert.include(stderr, `(process ${tracker.process.child.pid} at ${tracker.url})`)
  })

  it("sends webhooks to private addresses only if that is allowed", async () => {
    const bodies: Array<string> = []
    const receiver = createServer((request, response) => {
      const chunks: Array<Buffer> = []
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => {
        bodies.push(Buffer.concat(chunks).toString("utf8"))
        response.writeHead(204).end()
      })
    }).listen(0, "127.0.0.1")
    await once(receiver, "listening")
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
    const create = (tracker: { readonly url: string; readonly token: string }) =>
      fetch(`${tracker.url}/v1/webhook-endpoints`, {
        method: "POST",
        headers: { authorization: `Bearer ${tracker.token}`, "content-type": "application/json" },
        body: JSON.stringify({ url, events: ["task.saved"] })
      })
    try {
      {
        await using strict = await startTestTracker(onlyJimmy(fixture.env))
        assert.isAtLeast((await create(strict)).status, 400)
      }
      await using tracker = await startTestTracker(onlyJimmy(fixture.env), [
        "--listen",
        "127.0.0.1:0",
        "--allow-private-webhooks"
      ])
      assert.isBelow((await create(tracker)).status, 300)
      const [ref = ""] = linesOf((await tracker.run("submit", ...image)).stdout)
      await vi.waitFor(() => assert.lengthOf(bodies, 1), 15_000)
      assert.deepInclude(JSON.parse(bodies[0] ?? ""), { type: "task.saved", ref })
    } finally {
      receiver.close()
    }
  })

  it("warns about an address that other machines can reach, and serves the commands of this machine there", async () => {
    await using tracker = await startTestTracker(onlyJimmy(fixture.env), ["--listen", "0.0.0.0:0"])
    assert.match(tracker.url, /^http:\/\/127\.0\.0\.1:\d+$/)
    assert.include(tracker.process.stderr(), "Warning: other machines can reach the HTTP API at 0.0.0.0")
    const { status, stderr } = await tracker.run("submit", ...image)
    assert.strictEqual(status, 0, stderr)
  })

  it("reports a port that is in use", async () => {
    const other = createServer().listen(0, "127.0.0.1")
    await once(other, "listening")
    const { port } = other.address() as AddressInfo
    try {
      const env = { ...onlyJimmy(fixture.env), XDG_STATE_HOME: newFolder() }
      const { status, stderr } = await run(["serve", "--listen", `127.0.0.1:${port}`], { env })
      assert.strictEqual(status, 2)
      assert.include(stderr, `Cannot listen on 127.0.0.1:${port}: the port is in use. Choose another one.`)
    } finally {
      other.close()
    }
  })

  it("sends the requests to vendors through the proxy of the environment", async () => {
    const hosts: Array<string | undefined> = []
    const proxy = createServer(({ headers }, response) => {
      hosts.push(headers.host)
      response.writeHead(502).end()
    }).listen(0, "127.0.0.1")
    proxy.on("connect", ({ url }, socket) => {
      hosts.push(url)
      socket.destroy()
    })
    await once(proxy, "listening")
    const HTTP_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    try {
      await using tracker = await startTestTracker({ ...onlyJimmy(fixture.env), HTTP_PROXY })
      const { host } = new URL(fixture.emulator.url)
      const track = { ref: `jimmy:${fixture.taskId}` }
      await fetch(`${tracker.url}/v1/tasks`, {
        method: "POST",
        headers: { authorization: `Bearer ${tracker.token}`, "content-type": "application/json" },
        body: JSON.stringify(track)
      })
      await vi.waitFor(() => assert.include(hosts, host), 15_000)
    } finally {
      proxy.close()
    }
  })

  it("requests webhooks at the public URL, with secrets of the environment that are not printed", async () => {
    const secrets = {
      GENTASK_HOOK_SECRET: "hook-secret-of-tests",
      AIGPTIMAGE_KIE_WEBHOOK_SECRET: "signing-secret"
    }
    await using tracker = await startTestTracker(
      {
        ...onlyJimmy(fixture.env),
        AIGPTIMAGE_KIE_API_KEY: "key-of-kie",
        AIGPTIMAGE_KIE_ENDPOINT: "kie",
        ...secrets
      },
      ["--listen", "127.0.0.1:0", "--public-url", "https://tracker.example/gentask"]
    )
    const response = await fetch(`${tracker.url}/v1/accounts`, {
      headers: { authorization: `Bearer ${tracker.token}` }
    })
    const path = createHmac("sha256", secrets.GENTASK_HOOK_SECRET)
      .update("gentask-hook:aigptimage@kie")
      .digest("base64url")
    const [, webhookPath = ""] = /"webhookPath":"([^"]+)"/.exec(await response.text()) ?? []
    assert.strictEqual(webhookPath, `/v1/hooks/aigptimage%40kie/${path}`)
    const unsigned = await fetch(tracker.url + webhookPath, { method: "POST", body: "{}" })
    assert.strictEqual(unsigned.status, 400)
    for (const secret of Object.values(secrets))
      assert.notInclude(tracker.process.stderr() + tracker.process.stdout(), secret)
  })

  it("rejects a secret of webhooks for a vendor that signs none, and one that is too short", async () => {
    for (const [variable, message] of [
      ["JIMMY_WEBHOOK_SECRET", "without jimmy"],
      ["GENTASK_HOOK_SECRET", "Invalid GENTASK_HOOK_SECRET: expected at least 16 characters."]
    ] as const) {
      const env = { ...onlyJimmy(fixture.env), XDG_STATE_HOME: newFolder(), [variable]: "secret-word" }
      const { status, stderr } = await run(["serve", "--listen", "127.0.0.1:0"], { env })
      assert.strictEqual(status, 2, stderr)
      assert.include(stderr, message)
      assert.notInclude(stderr, "secret-word")
    }
  })

  it("rejects a token that is too short", async () => {
    const env = { ...onlyJimmy(fixture.env), XDG_STATE_HOME: newFolder(), GENTASK_TOKEN: "short-token" }
    const { status, stderr } = await run(["serve"], { env })
    assert.strictEqual(status, 2)
    assert.include(stderr, "Invalid GENTASK_TOKEN: expected at least 16 letters")
    assert.notInclude(stderr, "short-token")
  })

  it.each([
    [["--listen", "4370"], "an address such as 127.0.0.1:4370"],
    [["--runner", "10.0.0.1:4371"], "--runner is for several machines, which need a database."],
    [["--database", "mysql://db/x", "--runner", "10.0.0.1:4371", "--dir", "x"], "Invalid database: expected"],
    [["--database", "postgres://db/x", "--runner", "10.0.0.1:4371"], "--dir is missing."],
    [["--database", "postgres://db/x", "--dir", "x"], "runner"],
    [
      ["--database", "postgres://user:secret-word@db/x", "--runner", "10.0.0.1:4371", "--dir", "x"],
      "Set GENTASK_DATABASE_URL"
    ],
    [["--public-url", "tracker.example"], "Invalid --public-url: expected the URL"],
    [["--account", "nope"], "unknown provider"]
  ])("rejects %j", async (args, message) => {
    const env = { ...onlyJimmy(fixture.env), XDG_STATE_HOME: newFolder() }
    const { status, stderr } = await run(["serve", ...args], { env })
    assert.strictEqual(status, 2, stderr)
    assert.include(stderr, message)
  })

  it("needs an account with an API key", async () => {
    const { status, stderr } = await start(["serve"], { env: { XDG_STATE_HOME: newFolder() } }).result
    assert.deepStrictEqual(
      { status, stderr },
      {
        status: 2,
        stderr:
          "gentask: No account has an API key, so there is nothing to track. Set one, such as JIMMY_API_KEY. See gentask providers.\n"
      }
    )
  })
})
