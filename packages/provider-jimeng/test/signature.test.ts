import { createRequire } from "node:module"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { authorization } from "../src/signature.ts"

// Only the file that signs, without the many services of the vendor's package.
const { default: Signer } = createRequire(import.meta.url)(
  "@volcengine/openapi/lib/base/sign.js"
) as typeof import("@volcengine/openapi/lib/base/sign.js")

/** From the examples of https://www.volcengine.com/docs/6369/67269 and /67270, with the keys that they show. */
const key = {
  id: "AKLTYWViMTVmZGYzM2E0NDI5Mzk2MDZjNjFmMjc2MjRjMzg",
  secret: "WkRZeE1EQmxPVGhsWWpWak5HVmtNbUUxTXpZeU9UVXlOMlE1TmpZeVlqTQ=="
}

const published = [
  {
    name: "a GET with unsorted parameters",
    method: "GET",
    url: "https://iam.volcengineapi.com/?Action=ListUsers&Version=2018-01-01&Limit=10&Offset=0",
    headers: { "x-date": "20240619T071306Z", host: "iam.volcengineapi.com" },
    body: undefined,
    region: "cn-beijing",
    service: "iam",
    key,
    signature: "e31c4558bcfe08a286001f59cedbf0791ffd0b2362f10e55ee2627467bcdde93"
  },
  {
    name: "a GET",
    method: "GET",
    url: "https://billing.volcengineapi.com/?Action=QueryBalanceAcct&Version=2022-01-01",
    headers: { host: "billing.volcengineapi.com", "x-date": "20250329T180937Z" },
    body: undefined,
    region: "cn-beijing",
    service: "billing",
    key,
    signature: "1eda9e7e6b1728151a8e8791fdaf67cfbd28bd5c80d0fce2eb208746cf483105"
  },
  {
    name: "a POST",
    method: "POST",
    url: "https://billing.volcengineapi.com/?Action=ListBill&Version=2022-01-01",
    headers: { host: "billing.volcengineapi.com", "x-date": "20250329T180937Z" },
    body: '{"Limit":10,"BillPeriod":"2023-08"}',
    region: "cn-beijing",
    service: "billing",
    key,
    signature: "5e8480ceea12d0000a23c054151c50dd02c1a7dec835004057d19f13d53a7658"
  },
  {
    name: "a GET of an older edition, with the four headers that requests to Jimeng sign",
    method: "GET",
    url: "https://iam.volcengineapi.com/?Action=ListUsers&Version=2018-01-01&Limit=10&Offset=0",
    headers: {
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      host: "iam.volcengineapi.com",
      "x-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "x-date": "20201230T081805Z"
    },
    body: undefined,
    region: "cn-north-1",
    service: "iam",
    key: {
      id: "AKLTMjI2ODVlYzI3ZGY1NGU4ZjhjYWRjMTlmNTM5OTZkYzE",
      secret: "TnpCak5XWXpZV1U0WkRaaE5ERmxaR0ZpTmpjeVkyUXlZek0wTWpJMU1qWQ=="
    },
    signature: "28eeabbbd726b87002e0fe58ad8c1c768e619b06e2646f35b6ad7ed029a6d8a7"
  }
] as const

const parseDate = (date: string): Date =>
  new Date(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"))

describe("authorization", () => {
  it.each(published)(
    "creates the published signature of $name",
    ({ region, service, key, signature, ...request }) => {
      const date = request.headers["x-date"]
      const signed = authorization({ ...request, url: new URL(request.url) }, key, parseDate(date), {
        region,
        service
      })
      expect(signed).toBe(
        `HMAC-SHA256 Credential=${key.id}/${date.slice(0, 8)}/${region}/${service}/request, ` +
          `SignedHeaders=${Object.keys(request.headers).toSorted().join(";")}, Signature=${signature}`
      )
    }
  )

  const word = fc.stringMatching(/^[A-Za-z0-9-]{1,20}$/)
  const anyText = fc.oneof(fc.string({ maxLength: 30 }), fc.string({ unit: "binary", maxLength: 30 }))
  // The vendor's package sorts names that are numbers differently than the documentation says.
  const query = fc.dictionary(
    anyText.map((text) => `q${text}`),
    anyText,
    { maxKeys: 6 }
  )
  const request = fc.record({
    method: fc.constantFrom("GET" as const, "POST" as const),
    host: fc.webAuthority({ withPort: true }),
    path: fc.webPath(),
    query,
    extra: fc.dictionary(
      word.map((name) => `x-${name.toLowerCase()}`),
      word.map((value) => ` ${value} `)
    ),
    body: anyText,
    id: word,
    secret: fc.string({ minLength: 1 }),
    now: fc.date({ noInvalidDate: true, min: new Date("1970-01-01"), max: new Date("9999-12-31") }),
    region: word,
    service: word
  })

  it("creates the same signature as the vendor's package, for any request", () => {
    fc.assert(
      fc.property(request, ({ method, host, path, query, extra, body, id, secret, now, region, service }) => {
        const url = new URL(`https://${host}${path}`)
        for (const [name, value] of Object.entries(query)) url.searchParams.append(name, value)
        const vendorRequest = {
          method,
          region,
          pathname: url.pathname,
          params: query,
          headers: { Host: url.host, ...extra } as Record<string, string>,
          body: body === "" ? undefined : body
        }
        new Signer(vendorRequest, service).addAuthorization({ accessKeyId: id, secretKey: secret }, now)
        const { Authorization: expected, ...headers } = vendorRequest.headers
        const signedHeaders = Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
        )
        const actual = authorization(
          { method, url, headers: signedHeaders, body: vendorRequest.body },
          { id, secret },
          now,
          {
            region,
            service
          }
        )
        expect(actual).toBe(expected)
      }),
      { numRuns: 500 }
    )
  })
})
