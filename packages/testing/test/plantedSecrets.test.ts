import { describe, expect, it } from "vitest"
import { rejection } from "./planted/plant.ts"
import type { Files, Planted } from "./planted/plant.ts"

const secret = (name: string) => `${name}.json: holds no secret`

/** A secret at a place that changes nothing else. */
const secretIn = (bug: string, put: (file: any) => void, why: RegExp): Planted => ({
  bug,
  files: (files: Files) => put(files["stopped"]),
  fails: { [secret("stopped")]: why },
  also: /^stopped\.json: (is a recording|the request|can be asked)|^every word/
})
const inBody = (bug: string, value: unknown, what: string) =>
  secretIn(
    bug,
    (file) => (file.answer.body.debug = value),
    new RegExp(`^stopped\\.json holds, at answer\\.body\\.debug.*, ${what}`)
  )

const secrets: ReadonlyArray<Planted> = [
  secretIn(
    "an authorization header",
    (file) =>
      (file.request = {
        method: "GET",
        url: "https://api.orbit.example/v1/jobs/job-1?expand=files",
        headers: { Authorization: "Token abc" }
      }),
    /^stopped\.json holds, at request\.headers\.Authorization, what its name says is secret; leave it out/
  ),
  inBody("a bearer token", "sent Bearer abcdefgh12345678", "a bearer token; replace it by x"),
  inBody("an API key", `sk-${"a1".repeat(12)}`, "an API key"),
  inBody("a JSON web token", `eyJhbGciOiJI.eyJzdWIiOiIx.${"s".repeat(20)}`, "a JSON web token"),
  inBody("an access key of AWS", `AKIA${"ABCD".repeat(4)}`, "an access key of AWS"),
  inBody("an access key of Volcengine", `AKLT${"Ab1".repeat(10)}`, "an access key of Volcengine"),
  inBody(
    "a password in a link",
    "https://orbit:hunter22@files.orbit.example/1",
    "a password before the host of a link"
  ),
  inBody(
    "a signed link",
    "see https://files.orbit.example/1.png?Expires=1767225600&Signature=abcd1234abcd",
    "the signature of a link, in its parameter Signature; replace its value by x, and leave the others"
  ),
  inBody(
    "a secret by its name, in JSON inside a text",
    '{"client_secret":"hunter22"}',
    "what its name says is secret"
  ),
  inBody(
    "an e-mail address",
    "asked by jane.doe@orbit.io",
    "an e-mail address; replace it by one at example\\.com"
  )
]

describe("the kit finds and does not tell", () => {
  it.each(secrets)("$bug", (planted) => {
    const { found, due } = rejection(planted)
    expect(found).toEqual(due)
  })
})
