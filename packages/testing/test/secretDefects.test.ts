import * as check from "./support/checkNames.ts"
import { testDefects } from "./support/Defect.ts"
import type { Defect } from "./support/Defect.ts"

const inBody = (defect: string, value: string, what: string): Defect => ({
  defect,
  files: ({ stopped }) => (stopped.answer.body.debug = value),
  fails: {
    [check.secret("stopped")]: new RegExp(
      `^stopped\\.json contains a secret at answer\\.body\\.debug.*: ${what}`
    )
  }
})

testDefects("the checks of secrets", [
  {
    defect: "an authorization header",
    files: ({ stopped, waiting }) =>
      (stopped.request = { ...waiting.request, headers: { Authorization: "Token abc" } }),
    fails: {
      [check.secret("stopped")]:
        /^stopped\.json contains a secret at request\.headers\.Authorization: a value that is secret according to its name\. Remove it/
    },
    mayFail: /^stopped\.json: the request equals/
  },
  inBody("a bearer token", "sent Bearer abcdefgh12345678", "a bearer token\\. Replace it with x"),
  inBody("an API key", `sk-${"a1".repeat(12)}`, "an API key"),
  inBody("a JSON web token", `eyJhbGciOiJI.eyJzdWIiOiIx.${"s".repeat(20)}`, "a JSON web token"),
  inBody("an AWS access key", `AKIA${"ABCD".repeat(4)}`, "an AWS access key"),
  inBody("a Volcengine access key", `AKLT${"Ab1".repeat(10)}`, "a Volcengine access key"),
  inBody("a password in a link", "https://orbit:hunter22@files.orbit.example/1", "a link with a password"),
  inBody(
    "a signed link",
    "see https://files.orbit.example/1.png?Expires=1767225600&Signature=abcd1234abcd",
    "a signed link\\. Replace the value of its parameter Signature with x, and keep its other parameters"
  ),
  inBody(
    "a member with a secret name in embedded JSON",
    '{"client_secret":"hunter22"}',
    "a value that is secret according to its name"
  ),
  inBody(
    "an email address",
    "sent by jane.doe@orbit.io",
    "an email address\\. Replace it with one at example\\.com"
  )
])
