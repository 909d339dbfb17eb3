/** Checks that only the vendor can send webhook requests. */
import type { ProviderSpec } from "@gentask/core/provider"
import type { Check } from "../Check.ts"
import { fail } from "../ConformanceError.ts"
import { errorMessage } from "../errorMessage.ts"
import { openCase, toWebhookRequest } from "../operations/openCase.ts"
import type { OperationCase, OperationContext } from "../operations/OperationContext.ts"
import { verifyCase } from "../operations/verifyCase.ts"
import type { WebhookChange } from "../operations/verifyCase.ts"
import { withHmacKey } from "../sandbox/withHmacKey.ts"

/** Headers that a signature consists of or covers. */
const signed = /sign|digest|hmac|time|stamp|nonce/i
const dayMs = 24 * 60 * 60_000

const verify = (spec: ProviderSpec, recorded: OperationCase, change?: WebhookChange): boolean => {
  let isValid: unknown
  try {
    isValid = verifyCase(spec, recorded, change)
  } catch (error) {
    return fail(
      `webhook.verify throws (${errorMessage(error)}). Return false for a request that cannot be verified.`
    )
  }
  if (typeof isValid !== "boolean") {
    return fail("webhook.verify does not return true or false. Return a boolean, and not a promise.")
  }
  return isValid
}

const checkAccepted = ({ spec }: OperationContext, recorded: OperationCase): void => {
  if (!verify(spec, recorded)) {
    fail(
      "webhook.verify rejects the recorded request. Correct it, or the recording: its body must be the exact text, and its at the time of receipt."
    )
  }
}

/** Requests that the vendor did not send, and how they differ. */
const forgeries = (
  context: OperationContext,
  recorded: OperationCase
): ReadonlyArray<readonly [name: string, change: WebhookChange]> => {
  const { headers, text, receivedAt } = toWebhookRequest(recorded.response)
  const outcome = openCase(context, recorded).decode(recorded.response)
  const id = outcome._tag === "TaskUpdated" ? outcome.task.id : undefined
  const changed = Object.entries(headers).filter(([name]) => signed.test(name))
  return [
    ...(id === undefined
      ? []
      : [["with the id of another task", { request: { text: text.replaceAll(id, `${id}0`) } }] as const]),
    ...changed.flatMap(([name, value]) => [
      [`with another ${name}`, { request: { headers: { ...headers, [name]: `${value}0` } } }] as const,
      [
        `without ${name}`,
        {
          request: { headers: Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name)) }
        }
      ] as const
    ]),
    ...(changed.some(([name]) => /time|stamp/i.test(name))
      ? [
          [
            "that is received a day later",
            { request: { receivedAt: new Date(receivedAt.getTime() + dayMs) } }
          ] as const
        ]
      : [])
  ]
}

const checkForgeries = (context: OperationContext, recorded: OperationCase): void => {
  for (const [name, change] of forgeries(context, recorded)) {
    if (verify(context.spec, recorded, change)) {
      fail(
        `webhook.verify accepts the request ${name}. Compare the signature of what the vendor signs, and check its age.`
      )
    }
  }
}

const checkEmptySecret = ({ spec }: OperationContext, recorded: OperationCase): void => {
  const { secret = "" } = recorded.recording.webhook ?? {}
  for (const empty of ["", undefined]) {
    // Signs the request with the empty key, as an attacker would.
    if (withHmacKey(secret, () => verify(spec, recorded, { secret: empty }))) {
      fail(
        "webhook.verify accepts a request that is signed with an empty secret. Return false if the secret is missing or empty."
      )
    }
  }
}

const garbage: ReadonlyArray<string> = [
  "",
  "null",
  "[]",
  "3",
  '"x"',
  "{}",
  "<html>",
  "\u0000",
  '{"data":null}'
]

const checkGarbage = ({ spec }: OperationContext, recorded: OperationCase): void => {
  const { headers } = toWebhookRequest(recorded.response)
  const names = Object.keys(headers)
  const others = ["", "x", "é", "-1", "1e999", "{}"].map((value) =>
    Object.fromEntries(names.map((name) => [name, value]))
  )
  for (const each of [headers, {}, ...others]) {
    for (const text of garbage) verify(spec, recorded, { request: { headers: each, text } })
  }
}

/** The checks of webhooks. */
export const webhookChecks = (context: OperationContext): ReadonlyArray<Check> => {
  const { spec, cases } = context
  const webhooks = cases.filter(({ operation }) => operation === "webhook")
  if (spec.webhook?.verify === undefined) return []
  const signedCases = webhooks.filter(
    ({ recording: { webhook } }) => webhook?.secret !== undefined || webhook?.keys !== undefined
  )
  return [
    {
      name: "a signed webhook request is recorded",
      run: () => {
        if (signedCases.length === 0) {
          fail(
            'The spec has webhook.verify, but no recording has a signed request. Sign one with a made-up secret, and add the "secret" or the "keys".'
          )
        }
      }
    },
    ...webhooks.map((recorded) => ({
      name: `${recorded.name}: verify never throws`,
      run: () => checkGarbage(context, recorded)
    })),
    ...signedCases.flatMap((recorded) => [
      {
        name: `${recorded.name}: verify accepts the recorded request`,
        run: () => checkAccepted(context, recorded)
      },
      {
        name: `${recorded.name}: verify rejects a changed request`,
        run: () => checkForgeries(context, recorded)
      },
      ...(recorded.recording.webhook?.secret === undefined
        ? []
        : [
            {
              name: `${recorded.name}: verify rejects an empty secret`,
              run: () => checkEmptySecret(context, recorded)
            }
          ])
    ])
  ]
}
