import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { rejection } from "./planted/plant.ts"
import type { Planted } from "./planted/plant.ts"
import { request, statuses } from "./planted/orbit.ts"
import type { Asked } from "./planted/orbit.ts"

const loose = (schema: Schema.Codec<unknown>) => Schema.toStandardSchemaV1(schema)
const later = {
  "~standard": { version: 1, vendor: "slow", validate: () => Promise.resolve({ value: {} }) }
} as const

let asked = 0

const examples = "the examples are task refs of this provider, and each makes a request"
const lifetimes = "the lifetimes of results are positive, and of kinds that its tasks make"
const words = "statuses says what each word of the vendor's means, once"
const everyWord = "every word of statuses is recorded, and means there what statuses says"
const ids = "an id stays in its place in the request, or is refused, whatever it holds"
const documented = /^done.*: the request is what the document shows$|^waiting.*: the request/

/** Bugs of what a spec says, and of how it asks. */
const bugs: ReadonlyArray<Planted> = [
  {
    bug: "an id in upper case",
    spec: { id: "Orbit", examples: ["Orbit:1"] },
    fails: {
      "the id is made of lower-case letters, digits and hyphens": /^"Orbit" cannot stand before the colon/,
      [examples]: /^"Orbit:1" is no task ref: its provider is not made of lower-case letters/
    },
    also: /./
  },
  {
    bug: "documents over http",
    spec: { docs: "http://docs.orbit.example" },
    fails: { "docs and endpoints are https URLs": /^docs "http:\/\/docs\.orbit\.example" is no https URL/ }
  },
  {
    bug: "a base URL with a query",
    spec: { endpoints: { main: { baseUrl: "https://api.orbit.example?v=1" } } },
    fails: {
      "docs and endpoints are https URLs":
        /^The baseUrl of the endpoint main is no https URL of a host and a path/,
      [examples]: /^The example orbit:job-1 makes no request: The base URL of orbit holds more/
    }
  },
  {
    bug: "a default endpoint that is none",
    spec: { defaultEndpoint: "mian" },
    fails: {
      "the default endpoint is one of the endpoints":
        /^defaultEndpoint is "mian", and the endpoints are main\./,
      [examples]: /^The example orbit:job-1 makes no request: orbit has no endpoint "mian"/
    }
  },
  {
    bug: "no kinds of media",
    spec: { mediaKinds: undefined },
    fails: {
      "makes names the kinds of media that tasks make": /^makes is missing\./,
      [lifetimes]: /^resultLifetime has image, and makes has not\./,
      "the recorded results are of kinds in makes": /^done\.json has a result of the kind image/
    }
  },
  {
    bug: "a kind of media that is none",
    spec: { mediaKinds: ["image", "video", "film" as "video"] },
    fails: { "makes names the kinds of media that tasks make": /^makes holds "film"/ }
  },
  {
    bug: "a word under two statuses",
    spec: { statuses: { ...statuses, unknown: ["DONE"] } },
    fails: {
      [words]: /^The word "DONE" stands under succeeded and under unknown/,
      [everyWord]: /^statuses says that "done" is unknown, and done\.json says that it is succeeded\./
    },
    also: /^done/
  },
  {
    bug: "a word with blanks around it, which would never match",
    spec: { statuses: { ...statuses, expired: [" gone "] } },
    fails: {
      [words]: /^statuses\.expired holds " gone "/,
      "every word of statuses is recorded, and means there what statuses says":
        /^No recording shows the word "gone"/
    }
  },
  {
    bug: "no statuses",
    spec: { statuses: undefined },
    fails: { [words]: /^statuses is missing/ },
    also: /the answer gives its meaning$|^every word of statuses/
  },
  {
    bug: "a poll hint the wrong way round",
    spec: { pollHint: { minMs: 20_000, maxMs: 2000 } },
    fails: { "the poll hint goes from a shorter wait to a longer one": /^pollHint is from 20000 to 2000\./ }
  },
  {
    bug: "a lifetime of a kind that is not made",
    spec: { resultLifetimeMs: { image: 3_600_000, audio: 1 } },
    fails: { [lifetimes]: /^resultLifetime has audio, and makes has not\./ }
  },
  {
    bug: "a limit of half a request",
    spec: { rateLimits: () => [{ requests: 0.5, windowMs: 1000 }] },
    fails: {
      "limits are positive whole numbers of requests and of milliseconds":
        /^limits says 0\.5 requests in 1000/
    }
  },
  {
    bug: "no examples",
    spec: { examples: [] },
    fails: { [examples]: /^examples is missing\. Give a task ref for each way to ask, such as "orbit:1234"/ },
    also: documented
  },
  {
    bug: "an example of another provider",
    spec: { examples: ["orbit:job-1", "orbital:job-1"] },
    fails: { [examples]: /^The example orbital:job-1 is of orbital, not of orbit\./ }
  },
  {
    bug: "an example with a misspelt hint",
    spec: { examples: ["orbit:job-1", "orbit:job-1?regoin=north"] },
    fails: { [examples]: /^The example orbit:job-1\?regoin=north makes no request: .* wrong at regoin/ }
  },
  {
    bug: "settings that take anything",
    spec: { settings: loose(Schema.Struct({ tier: Schema.optionalKey(Schema.String) })) },
    fails: { "settings are strict, and read at once": /^settings takes members that nobody knows/ }
  },
  {
    bug: "params that take anything",
    spec: { params: loose(Schema.Struct({ region: Schema.optionalKey(Schema.String) })) },
    fails: { "params are strict, and read at once": /^params takes members that nobody knows/ }
  },
  {
    bug: "params that are read later",
    spec: { params: later },
    fails: {
      [examples]: /the schema validates asynchronously/,
      "params are strict, and read at once": /^The schema of params answers with a promise/
    }
  },
  {
    bug: "a crash without params",
    query: {
      request: (task: Asked) => ({
        ...request(task),
        query: { expand: "files", region: (task.params as { readonly region: string }).region.trim() }
      })
    },
    fails: {
      [examples]: /^query\.request breaks on orbit:job-1 \(Cannot read properties of undefined/,
      "a task without params is asked about, or refused with a sentence":
        /^query\.request breaks on orbit:job-1 /
    },
    also: /can be asked about$|^the recordings show|^every word of statuses/
  },
  {
    bug: "another header than the documented one",
    query: { request: (task: Asked) => ({ ...request(task), headers: { accept: "*/*" } }) },
    fails: {
      "waiting.json: the request is what the document shows":
        /^The request is not the documented one[^]*\+ {5}accept: '\*\/\*'\n- {5}accept: 'application\/json'/
    },
    also: documented
  },
  {
    bug: "a method that changes things",
    query: { request: (task: Asked) => ({ ...request(task), method: "DELETE" as "GET" }) },
    fails: {
      "every request is a GET or a POST of texts, at a path below the base URL":
        /^query\.request uses the method DELETE for orbit:job-1\./
    },
    also: documented
  },
  {
    bug: "a path that does not begin at the base URL",
    query: { request: (task: Asked) => ({ ...request(task), path: request(task).path.slice(1) }) },
    fails: {
      [examples]: /would change the path of the request/,
      "every request is a GET or a POST of texts, at a path below the base URL":
        /^query\.request gives the path "v1\/jobs\/job-1" for orbit:job-1\. Begin it with "\/"\.$/
    }
  },
  {
    bug: "an id that is not encoded",
    query: { request: (task: Asked) => ({ ...request(task), path: `/v1/jobs/${task.id}` }) },
    fails: { [ids]: /^The id "a\/b" changes the form of the request[^]*\+ {3}segments: 5\n- {3}segments: 4/ }
  },
  {
    bug: "ids in lower case",
    query: { request: (task: Asked) => request({ ...task, id: task.id.toLowerCase() }) },
    fails: { "two ids never make the same request": /^The ids "ab" and "AB" make the same request/ }
  },
  {
    bug: "an id in a header",
    query: {
      request: (task: Asked) => ({
        ...request(task),
        headers: { accept: "application/json", "x-job": task.id }
      })
    },
    fails: { [ids]: /^The id "é任务" gets into the header x-job as it is\./ },
    also: documented
  },
  {
    bug: "params that are forgotten",
    query: { request: (task: Asked) => request({ ...task, params: {} }) },
    fails: { "done.json: the request is what the document shows": /\n- +'region=north'/ }
  },
  {
    bug: "a request that counts",
    query: {
      request: (task: Asked) => {
        asked += 1
        return { ...request(task), headers: { accept: "application/json", "x-count": String(asked) } }
      }
    },
    fails: {
      "asking is pure: no clock, chance, environment or network, no promise, nothing changed":
        /^query\.request gives another answer when it is asked the same again\./,
      "a snapshot's ref asks the same question again, params included": /asks another question/
    },
    also: /reading is pure|the request is what the document shows|^an answer of the wrong shape|one odd member/
  }
]

describe("the kit rejects a spec with", () => {
  it.each(bugs)("$bug", (planted) => {
    const { found, due } = rejection(planted)
    expect(found).toEqual(due)
  })
})
