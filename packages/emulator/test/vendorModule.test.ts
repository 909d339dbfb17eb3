/** What a vendor's module can do that Replicate does not, with an invented vendor in its place. */
import { createHmac } from "node:crypto"
import { assert, describe, it, vi } from "vitest"
import type { Emulator, EmulatorOptions } from "../src/index.ts"
import { parseObject } from "../src/json.ts"
import { textIn } from "../src/submit/bodyFields.ts"
import { stateAt } from "../src/TaskState.ts"
import { listedResults } from "../src/TaskView.ts"
import { headerKey, isValidToken, tokenPayload } from "../src/vendors/credentials.ts"
import { queuePositionAt } from "../src/vendors/taskProgress.ts"
import { vendorModules } from "../src/vendors/vendorModules.ts"
import type { VendorModule } from "../src/vendors/VendorModule.ts"
import { jsonResponse } from "../src/WireResponse.ts"
import { send, start } from "./support.ts"
import type { HttpResult } from "./support.ts"
import { startReceiver } from "./witness/startReceiver.ts"

const acme: VendorModule = {
  ...vendorModules.replicate,
  create: ({ links, uploads, url }) => ({
    readKey: headerKey("x-key"),
    errors: { error: (status, { code, message } = {}) => jsonResponse(status, { code, message }) },
    routes: [
      {
        purpose: "submit",
        method: "POST",
        path: /^\/run\/(?<model>.+)$/,
        parse: ({ body, params, form }) => {
          const fields = parseObject(body) ?? Object.fromEntries(form ?? [])
          const callbackUrl = textIn(fields, "callback")
          return {
            body: fields,
            task: { model: params["model"] ?? "" },
            callback:
              callbackUrl === undefined
                ? undefined
                : {
                    url: callbackUrl,
                    body: ({ id }) => ({ id }),
                    challenge: { body: { challenge: "1" }, accepts: (text) => text === "1" }
                  },
            accepted: ({ id }) => jsonResponse(200, { id, status_url: `${url}/tasks/${id}/status` })
          }
        }
      },
      {
        purpose: "query",
        method: "GET",
        path: /^\/tasks\/(?<id>[^/]+)\/status$/,
        respond: (task, now) =>
          jsonResponse(200, { phase: stateAt(task, now).phase, position: queuePositionAt(task, now) })
      },
      {
        purpose: "query",
        method: "GET",
        path: /^\/tasks\/(?<id>[^/]+)$/,
        respond: (task, now) =>
          stateAt(task, now).phase === "succeeded"
            ? jsonResponse(200, {
                urls: listedResults(task).map(({ type, index }) =>
                  links.endpointLink(task, `/files/${task.id}/${index}.${type}?alt=media`)
                )
              })
            : jsonResponse(400, { message: "in progress" })
      },
      {
        purpose: "download",
        method: "GET",
        path: /^\/files\/(?<id>[^/]+)\/(?<file>[^/]+)$/,
        resolve: ({ params }) => ({ taskId: params["id"] ?? "", file: params["file"] ?? "" })
      },
      {
        purpose: "cancel",
        method: "DELETE",
        path: /^\/tasks\/(?<id>[^/]+)$/,
        respond: ({ params }, { task: find, endTask, removeTask }) => {
          const task = find(params["id"] ?? "")
          if (task === undefined) return jsonResponse(404, {})
          if (!endTask(task, "canceled")) removeTask(task)
          return { status: 204, headers: {}, body: "" }
        }
      },
      {
        purpose: "upload",
        method: "POST",
        path: /^\/uploads\/(?<how>put|form)$/,
        respond: ({ params }, { caller: { apiKey } }) =>
          jsonResponse(
            200,
            uploads.createUrl({
              service: "replicate",
              apiKey,
              name: "a.bin",
              mediaType: "application/octet-stream",
              reference: `acme://${params["how"]}`,
              ...(params["how"] === "form" && { method: "POST", fields: { policy: "p" } })
            })
          )
      }
    ]
  })
}

const startAcme = async (options?: EmulatorOptions) => {
  const modules = vendorModules as { replicate: VendorModule }
  const { replicate } = modules
  modules.replicate = acme
  try {
    return await start(options)
  } finally {
    modules.replicate = replicate
  }
}

const sendTo = (emulator: Emulator, path: string, init: RequestInit = {}): Promise<HttpResult> =>
  send(path.startsWith("http") ? path : emulator.hostUrl("replicate") + path, {
    ...init,
    headers: { "x-key": emulator.apiKey }
  })

describe("a vendor's module", () => {
  it("reads its key from a header, and has a base URL of its own", async () => {
    const emulator = await startAcme()
    const { body } = await sendTo(emulator, "/run/owner/name", { method: "POST", body: "{}" })
    assert.deepInclude(emulator.task("replicate", body.id), { model: "owner/name" })
    assert.strictEqual((await sendTo(emulator, body.status_url)).status, 200)
    assert.strictEqual((await send(body.status_url)).status, 401)
    const bearer = { headers: { authorization: `Bearer ${emulator.apiKey}` } }
    assert.strictEqual((await send(body.status_url, bearer)).status, 401)
    assert.strictEqual((await send(`${emulator.url}/run/owner/name`, { method: "POST" })).status, 404)
  })

  it("has several requests per query, each with faults", async () => {
    const emulator = await startAcme()
    const { id } = emulator.addTask({
      vendor: "replicate",
      queuedFor: 60_000,
      queuePosition: 3,
      faults: [
        { fault: "none" },
        { fault: "none" },
        { fault: "status", status: 500 },
        { fault: "business", code: 7 },
        { fault: "lag" },
        { fault: "unknown-status" }
      ]
    })
    const paths = [`/tasks/${id}/status`, `/tasks/${id}`]
    const results: HttpResult[] = []
    for (const path of [...paths, ...paths, ...paths]) results.push(await sendTo(emulator, path))
    assert.deepEqual(
      results.map(({ status }) => status),
      [200, 400, 500, 200, 404, 400]
    )
    assert.deepEqual(results[0]?.body, { phase: "queued", position: 3 })
    assert.deepEqual(results[3]?.body, { code: 7 })
    assert.strictEqual(emulator.task("replicate", id)?.polls, 6)
  })

  it("cancels a task that is queued, and deletes one that has ended", async () => {
    const emulator = await startAcme()
    const running = emulator.addTask({ vendor: "replicate", end: "never" })
    const remove = () => sendTo(emulator, `/tasks/${running.id}`, { method: "DELETE" })
    assert.strictEqual((await remove()).status, 204)
    assert.deepInclude((await sendTo(emulator, `/tasks/${running.id}/status`)).body, { phase: "canceled" })
    assert.strictEqual((await remove()).status, 204)
    assert.strictEqual((await sendTo(emulator, `/tasks/${running.id}/status`)).status, 404)
  })
})

describe("a result that requires the key", () => {
  it("is served with the key only, and with faults of media", async () => {
    const emulator = await startAcme()
    const { id } = emulator.addTask({
      vendor: "replicate",
      media: ["mp4"],
      mediaFaults: [{ fault: "status", status: 503 }]
    })
    const [url] = (await sendTo(emulator, `/tasks/${id}`)).body.urls
    assert.strictEqual((await fetch(url)).status, 401)
    const init = { headers: { "x-key": emulator.apiKey } }
    assert.strictEqual((await fetch(url, init)).status, 503)
    const file = await fetch(url, { headers: { ...init.headers, range: "bytes=0-9" } })
    assert.deepEqual([file.status, file.headers.get("content-type")], [206, "video/mp4"])
    assert.strictEqual((await fetch(url.replace("/0.mp4", "/0.bin"), init)).status, 404)
    assert.strictEqual(emulator.requests.filter(({ purpose }) => purpose === "media").length, 4)
  })

  it("can have faulty links, and expires", async () => {
    const emulator = await startAcme()
    const { id } = emulator.addTask({
      vendor: "replicate",
      links: [
        { link: "redirected", to: "elsewhere", queries: 1 },
        { link: "forbidden" },
        { link: "elsewhere" }
      ]
    })
    const init: RequestInit = { headers: { "x-key": emulator.apiKey }, redirect: "manual" }
    const linkOf = async (taskId: string): Promise<string> =>
      (await sendTo(emulator, `/tasks/${taskId}`)).body.urls[0]
    const redirected = await fetch(await linkOf(id), init)
    assert.strictEqual(redirected.status, 302)
    const location = redirected.headers.get("location") ?? ""
    assert.isTrue(location.startsWith(emulator.otherUrl))
    assert.strictEqual((await fetch(location)).status, 200)
    assert.strictEqual((await fetch(await linkOf(id), init)).status, 403)
    assert.isTrue((await linkOf(id)).startsWith(emulator.otherUrl))
    const expired = emulator.addTask({ vendor: "replicate", linkLifetime: 0 })
    assert.strictEqual((await fetch(await linkOf(expired.id), init)).status, 404)
  })
})

describe("a signed upload URL", () => {
  const content = new Uint8Array([0, 255, 128])

  it("accepts a PUT without the key, and refuses one with it", async () => {
    const emulator = await startAcme()
    const { uploadUrl, url, reference } = (await sendTo(emulator, "/uploads/put", { method: "POST" })).body
    const put = { method: "PUT", body: content }
    const refused = await sendTo(emulator, uploadUrl, put)
    assert.deepEqual(
      [refused.status, refused.body.error],
      [400, "The upload URL is signed and must not receive an API key: remove the x-key header."]
    )
    const parameter = await send(`${uploadUrl}?key=${emulator.apiKey}`, put)
    assert.include(parameter.body.error, "remove the query parameter key.")
    assert.strictEqual((await send(uploadUrl, put)).status, 200)
    assert.deepEqual(new Uint8Array(await (await fetch(url)).arrayBuffer()), content)
    assert.deepInclude(emulator.uploads()[0], { reference, size: 3, apiKey: emulator.apiKey })
  })

  it("accepts a form with its fields only", async () => {
    const emulator = await startAcme()
    const { uploadUrl, url } = (await sendTo(emulator, "/uploads/form", { method: "POST" })).body
    const post = (policy: string): Promise<HttpResult> => {
      const body = new FormData()
      body.set("policy", policy)
      body.set("file", new Blob([content], { type: "image/png" }), "a.png")
      return send(uploadUrl, { method: "POST", body })
    }
    assert.include((await post("other")).body.error, '"policy"')
    assert.strictEqual((await post("p")).status, 200)
    assert.strictEqual((await fetch(url)).headers.get("content-type"), "image/png")
  })
})

describe("a callback with a challenge", () => {
  it.each(["1", "2"])("is sent if the response is right: %s", async (text) => {
    const { received, url: callback } = await startReceiver(() => text)
    const emulator = await startAcme()
    const { id } = (
      await sendTo(emulator, "/run/model", { method: "POST", body: JSON.stringify({ callback }) })
    ).body
    const expected = text === "1" ? ['{"challenge":"1"}', JSON.stringify({ id })] : ['{"challenge":"1"}']
    await vi.waitFor(
      () =>
        assert.deepEqual(
          received.map(({ body }) => body),
          expected
        ),
      15_000
    )
    await vi.waitFor(() => assert.strictEqual(emulator.callbacks().length, expected.length), 15_000)
  })
})

describe("a JSON web token", () => {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url")
  const sign = (payload: object, secret = "secret", alg = "HS256"): string => {
    const signed = `${encode({ alg, typ: "JWT" })}.${encode(payload)}`
    return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`
  }

  it("is valid between its times, with its secret and algorithm", () => {
    const token = sign({ iss: "AK", nbf: 100, exp: 200 })
    assert.deepEqual(tokenPayload(token), { iss: "AK", nbf: 100, exp: 200 })
    const isValid = (text: string, seconds: number) => isValidToken(text, "secret", seconds * 1000)
    assert.deepEqual(
      [
        isValid(token, 150),
        isValid(token, 99),
        isValid(token, 200),
        isValid(sign({ exp: 200 }, "other"), 150),
        isValid(sign({ exp: 200 }, "secret", "none"), 150),
        isValid(sign({}), 150),
        isValid("text", 150)
      ],
      [true, false, false, false, false, false, false]
    )
  })
})
