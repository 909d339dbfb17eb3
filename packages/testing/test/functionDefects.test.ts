import type { ProviderSpec } from "@gentask/core"
import { alterSnapshot } from "./support/alterDecode.ts"
import * as check from "./support/checkNames.ts"
import { testDefects } from "./support/Defect.ts"
import type { Defect } from "./support/Defect.ts"
import { decode } from "./support/orbit.ts"
import type { Body } from "./support/orbit.ts"

/** An impure `decode` also fails the checks that compare its results. */
const impureDecode = (
  defect: string,
  altered: ProviderSpec["query"]["decode"],
  why: RegExp,
  name = check.pureDecode("working"),
  mayFail = /\.json: |^a response of an invalid shape/
): Defect => ({ defect, query: { decode: altered }, fails: { [name]: why }, mayFail })

let calls = 0

testDefects("the checks of purity", [
  impureDecode(
    "a decode that reads the clock",
    alterSnapshot(() => ({ updatedAt: Date.now() })),
    /^query\.decode reads the clock \(Date\.now\)\./
  ),
  impureDecode(
    "a decode that reads the clock if a member is missing",
    alterSnapshot(({ createdAt }) => ({ createdAt: createdAt ?? new Date() })),
    /^query\.decode reads the clock \(new Date\(\)\) on a response whose member job\.created_at is missing\./,
    check.mutations("working")
  ),
  impureDecode(
    "a decode that uses random numbers",
    alterSnapshot(() => ({ pollAfterMs: Math.random() })),
    /^query\.decode uses random numbers \(Math\.random\)\./
  ),
  impureDecode(
    "a decode that reads the environment",
    alterSnapshot(() => ({ model: process.env["ORBIT_MODEL"] })),
    /^query\.decode reads the environment \(process\.env\.ORBIT_MODEL\)\./
  ),
  impureDecode(
    "a decode that uses the network",
    alterSnapshot(() => {
      void fetch("http://127.0.0.1:9")
      return undefined
    }),
    /^query\.decode uses the network \(fetch\)\./
  ),
  impureDecode(
    "an asynchronous decode",
    (async (body: Body) => decode(body)) as never,
    /^query\.decode returns a promise\./,
    undefined,
    /./
  ),
  impureDecode(
    "a decode that changes the response",
    (body: Body) => {
      if (body.job) body.job.model = "orbit"
      return decode(body)
    },
    /^query\.decode changes its arguments \(Cannot assign to read only property 'model'/
  ),
  impureDecode(
    "a decode that replaces the headers",
    (body: Body, head) => {
      Object.assign(head, { headers: {} })
      return decode(body)
    },
    /^query\.decode changes its arguments \(Cannot set property headers/
  ),
  impureDecode(
    "a decode whose result depends on earlier calls",
    alterSnapshot(() => ({ pollAfterMs: (calls += 1) })),
    /^query\.decode returns another result when it is called again with the same arguments\./
  )
])

const signing = (
  defect: string,
  authorize: NonNullable<ProviderSpec["authorize"]>,
  fails: Defect["fails"]
): Defect => ({ defect, spec: { authorize }, fails })

let storedKey = ""

testDefects("the checks of the API key", [
  signing(
    "an API key in the URL",
    ({ url }, { apiKey }) => {
      url.searchParams.set("key", apiKey)
      return {}
    },
    {
      [check.apiKey]: /^The request for orbit:job-1 has the API key in its URL, where proxies and logs/,
      [check.pureRequest]: /^authorize changes the URL of the request\./
    }
  ),
  {
    ...signing(
      "an API key in a snapshot",
      (_, { apiKey }) => {
        storedKey = apiKey
        return { "x-orbit-key": apiKey }
      },
      { [check.apiKey]: /^The result of broken\.json contains the API key\./ }
    ),
    query: {
      decode: alterSnapshot(() => ({ warnings: storedKey === "" ? [] : [`Sent with ${storedKey}`] }))
    },
    mayFail: /decodes to the expected result/
  },
  signing(
    "an API key in an error message",
    (_, { apiKey }) => {
      if (!apiKey.includes("|")) throw new Error(`Invalid key ${apiKey}`)
      return { "x-orbit-key": apiKey }
    },
    { [check.authorize]: /^authorize throws an error that quotes the key\. Describe what is wrong with/ }
  ),
  signing(
    "a part of an API key in an error message",
    (_, { apiKey }) => {
      const [id, secret = ""] = apiKey.split("|")
      if (secret !== "") throw new Error(`The secret ${secret} of ${id?.slice(0, 2)} is too short`)
      return { "x-orbit-key": apiKey }
    },
    { [check.authorize]: /^authorize throws an error that quotes the key\./ }
  ),
  signing(
    "an API key that is split unchecked",
    (_, { apiKey }) => ({ "x-orbit-key": (apiKey.split("|")[1] as string).trim() }),
    { [check.authorize]: /^authorize crashes on a key \(Cannot read properties of undefined/ }
  ),
  signing("missing headers", () => undefined as never, {
    [check.authorize]: /^authorize does not return headers\./
  }),
  signing(
    "a random signature",
    (_, { apiKey }) => ({ "x-orbit-key": apiKey, "x-nonce": crypto.randomUUID() }),
    { [check.pureRequest]: /^authorize uses random numbers \(crypto\.randomUUID\)\./ }
  ),
  signing("a header with a line break", (_, { apiKey }) => ({ "x-orbit-key": `${apiKey}\n` }), {
    [check.authorize]: /^authorize returns an invalid HTTP header "x-orbit-key"\./
  })
])
