/** Requests to Jimeng's origin that the vendor's own package signs, and such requests with every kind of error. */
import { createRequire } from "node:module"
import { assert, describe, it } from "vitest"
import type { Emulator } from "../src/index.ts"
import type { HttpResult } from "./support.ts"
import { jimengUrl, send, start, uuid } from "./support.ts"

const { default: Signer } = createRequire(import.meta.url)(
  "@volcengine/openapi/lib/base/sign.js"
) as typeof import("@volcengine/openapi/lib/base/sign.js")

interface Signing {
  readonly id?: string
  readonly secret?: string
  readonly service?: string
  readonly region?: string
  /** Milliseconds from now. */
  readonly skew?: number
  /** The lowercase name of a header to leave out of the signature. */
  readonly unsigned?: string
  /** The day in the credential's scope. */
  readonly day?: string
}

const bodyOf = (id: string): string =>
  JSON.stringify({ req_key: "jimeng_t2i_v40", task_id: id, req_json: '{"return_url": true}' })

/** The headers of a query that the vendor's package signs. */
const sign = (url: URL, body: string, signing: Signing = {}): Record<string, string> => {
  const { id = "AKLTemulator", secret = "emulated-secret", service = "cv", region = "cn-north-1" } = signing
  const headers: Record<string, string> = { Host: url.host }
  const request = {
    method: "POST",
    pathname: url.pathname,
    params: Object.fromEntries(url.searchParams),
    region,
    headers,
    body
  }
  const signer = new Signer(request, service)
  const isSignable = signer.isSignableHeader.bind(signer)
  const createScope = signer.createScope.bind(signer)
  const getSigningKey = signer.getSigningKey.bind(signer)
  signer.isSignableHeader = (name) => name !== signing.unsigned && isSignable(name)
  signer.createScope = (day, ...rest) => createScope(signing.day ?? day, ...rest)
  signer.getSigningKey = (key, day, ...rest) => getSigningKey(key, signing.day ?? day, ...rest)
  const date = new Date(Date.now() + (signing.skew ?? 0))
  signer.addAuthorization({ accessKeyId: id, secretKey: secret }, date)
  const { Host: _, ...rest } = headers
  return rest
}

const querySigned = (
  emulator: Emulator,
  taskId: string,
  signing: Signing = {},
  alter: (headers: Record<string, string>) => Record<string, string> = (headers) => headers
): Promise<HttpResult> => {
  const url = new URL(jimengUrl(emulator, "/"))
  const body = bodyOf(taskId)
  return send(url.href, { method: "POST", headers: alter(sign(url, body, signing)), body })
}

const script = { vendor: "jimeng", dialect: "volcengine" } as const

describe("a signed request", () => {
  it("gets the same response as one with a bearer token", async () => {
    const emulator = await start()
    const { id } = emulator.addTask(script)
    const { status, body } = await querySigned(emulator, id)
    assert.deepEqual([status, body.code, body.data.status], [200, 10_000, "done"])
    assert.strictEqual((await querySigned(emulator, "no-such-task")).body.data.status, "not_found")
  })

  it("is accepted on every path of Jimeng, with its parameters in any order and encoding", async () => {
    const emulator = await start()
    const { id } = emulator.addTask(script)
    const body = bodyOf(id)
    const search = "?Version=2022-08-31&extra=a+b%20c*%7E%2F&Action=CVSync2AsyncGetResult&empty"
    const url = new URL(`${emulator.url}/volcv/v1${search}`)
    const { status } = await send(url.href, { method: "POST", headers: sign(url, body), body })
    assert.strictEqual(status, 200)
  })

  it("is valid for 900 seconds", async () => {
    const emulator = await start()
    const { id } = emulator.addTask(script)
    for (const skew of [-880_000, 880_000]) {
      assert.strictEqual((await querySigned(emulator, id, { skew })).status, 200)
    }
  })

  it("is accepted with the access key of the options", async () => {
    const emulator = await start({ accessKey: "AKLTmine|mine" })
    const { id } = emulator.addTask(script)
    assert.strictEqual(emulator.accessKey, "AKLTmine|mine")
    assert.strictEqual((await querySigned(emulator, id, { id: "AKLTmine", secret: "mine" })).status, 200)
    assert.strictEqual((await querySigned(emulator, id)).status, 401)
  })

  it("counts toward the rate limit of its access key", async () => {
    const emulator = await start({ limits: { jimeng: [{ limit: 1, windowSeconds: 60 }] } })
    const { id } = emulator.addTask(script)
    const statuses = [await querySigned(emulator, id), await querySigned(emulator, id)].map(
      ({ status }) => status
    )
    assert.deepEqual(statuses, [200, 429])
    assert.deepEqual(
      emulator.rates().map(({ apiKey, total }) => [apiKey, total]),
      [["AKLTemulator", 2]]
    )
  })

  const mismatch = [
    401,
    {
      CodeN: 100_010,
      Code: "SignatureDoesNotMatch",
      Message:
        "The request signature we calculated does not match the signature you provided. Check your Secret Access Key and signing method. Consult the service documentation for details."
    }
  ]
  const expired = [
    400,
    { CodeN: 100_006, Code: "InvalidTimestamp", Message: "The Signature of the request is expired." }
  ]
  const without = (name: string) => (headers: Record<string, string>) =>
    Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name))
  const invalid = [
    { what: "signed with another secret", signing: { secret: "other" }, expected: mismatch },
    { what: "signed without the host", signing: { unsigned: "host" }, expected: mismatch },
    { what: "signed without its date", signing: { unsigned: "x-date" }, expected: mismatch },
    { what: "signed for another day", signing: { day: "20200101" }, expected: mismatch },
    {
      what: "sent with another body hash",
      alter: (headers: Record<string, string>) => ({ ...headers, "X-Content-Sha256": "0".repeat(64) }),
      expected: mismatch
    },
    { what: "signed too long ago", signing: { skew: -920_000 }, expected: expired },
    { what: "signed in the future", signing: { skew: 920_000 }, expected: expired },
    {
      what: "sent with an invalid date",
      alter: (headers: Record<string, string>) => ({ ...headers, "X-Date": "20261301T000000Z" }),
      expected: expired
    },
    {
      what: "sent without a date",
      alter: without("X-Date"),
      expected: [
        400,
        {
          CodeN: 100_004,
          Code: "MissingRequestInfo",
          Message: "The request is missing X-Date information."
        }
      ]
    },
    {
      what: "signed with an unknown access key",
      signing: { id: "AKLTother" },
      expected: [
        401,
        {
          CodeN: 100_009,
          Code: "InvalidAccessKey",
          Message: "The accesskey [AKLTother] included in the request is invalid."
        }
      ]
    },
    {
      what: "signed for another service",
      signing: { service: "visual" },
      expected: [404, { CodeN: 100_007, Code: "ServiceNotFound", Message: "This service[visual] not found." }]
    },
    {
      what: "signed in an unknown form",
      alter: (headers: Record<string, string>) => ({ ...headers, Authorization: "HMAC-SHA256 invalid" }),
      expected: [
        401,
        {
          CodeN: 100_003,
          Code: "MissingAuthenticationToken",
          Message: "Request is missing Authentication Token."
        }
      ]
    }
  ]
  it.each(invalid)("is rejected if it is $what", async ({ signing, alter, expected }) => {
    const emulator = await start()
    const { id } = emulator.addTask(script)
    const { status, body } = await querySigned(emulator, id, signing, alter)
    const { RequestId: requestId, Error: error, Action: action, Version: version } = body.ResponseMetadata
    assert.deepEqual([status, error], expected)
    assert.match(requestId, uuid)
    assert.deepEqual([action, version], ["CVSync2AsyncGetResult", "2022-08-31"])
  })

  it("is rejected if its query, path or body was changed", async () => {
    const emulator = await start()
    const { id } = emulator.addTask(script)
    const url = new URL(jimengUrl(emulator, "/"))
    const body = bodyOf(id)
    const headers = sign(url, body)
    const codes = []
    for (const [changedUrl, changedBody] of [
      [`${url.href}&more=1`, body],
      [jimengUrl(emulator, "/jm"), body],
      [url.href, `${body} `]
    ] as const) {
      const response = await send(changedUrl, { method: "POST", headers, body: changedBody })
      codes.push(response.body.ResponseMetadata.Error.Code)
    }
    assert.deepEqual(
      codes,
      Array.from({ length: 3 }, () => "SignatureDoesNotMatch")
    )
  })
})
