/** Checks that a task ref identifies exactly one task. */
import { isDeepStrictEqual } from "node:util"
import { TaskRef } from "@gentask/core"
import type { HttpRequest } from "@gentask/core/provider"
import type { Check } from "../Check.ts"
import { fail } from "../ConformanceError.ts"
import { formatDiff } from "../json/formatDiff.ts"
import { canonicalRequest } from "../replay/canonicalRequest.ts"
import { buildQuery, buildUnsignedRequest, decodeCase } from "../replay/replay.ts"
import type { QueryTarget, TestContext } from "../replay/TestContext.ts"
import { checkDistinct, checkForm, unusualIds } from "./unusualIds.ts"

/** Builds the request for another id. Returns undefined if the id is rejected. */
const requestFor = (
  context: TestContext,
  { ref, account }: QueryTarget,
  id: string
): HttpRequest | undefined => {
  try {
    const other = TaskRef.format({ ...TaskRef.parse(ref), id })
    return buildUnsignedRequest(buildQuery(context, { ref: other, account }))
  } catch {
    return undefined
  }
}

/** Builds the request for other params of a ref. Returns undefined if they are rejected. */
const requestWithParam = (
  context: TestContext,
  { ref, account }: QueryTarget,
  name: string,
  value: string
): HttpRequest | undefined => {
  try {
    const parsed = TaskRef.parse(ref)
    const other = TaskRef.format({ ...parsed, params: { ...parsed.params, [name]: value } })
    return buildUnsignedRequest(buildQuery(context, { ref: other, account }))
  } catch {
    return undefined
  }
}

const checkEncoding = (context: TestContext, target: QueryTarget): void => {
  const build = (id: string) => requestFor(context, target, id)
  const original = build(TaskRef.parse(target.ref).id)
  if (original !== undefined) checkForm(build, original, unusualIds, { name: "id" })
}

/** Params come from pasted refs. Core checks the hosts that they select. */
const checkParams = (context: TestContext, target: QueryTarget): void => {
  const { id, params } = TaskRef.parse(target.ref)
  const original = requestFor(context, target, id)
  if (original === undefined) return
  for (const [name, text] of Object.entries(params)) {
    const build = (value: string) => requestWithParam(context, target, name, value)
    const pathText = text.includes("/") ? text : undefined
    checkForm(build, original, unusualIds, { name: `param ${name}`, allowHosts: true, pathText })
  }
}

const checkRoundTrip = (context: TestContext): void => {
  const snapshotRefs = context.cases.flatMap((recorded) => {
    const decoded = decodeCase(context, recorded)
    return decoded._tag === "Snapshot" ? [{ target: recorded, ref: decoded.snapshot.ref }] : []
  })
  const targetRefs = context.targets.map((target) => ({ target, ref: target.ref }))
  for (const { target, ref } of [...snapshotRefs, ...targetRefs]) {
    const build = (text: string) =>
      canonicalRequest(buildUnsignedRequest(buildQuery(context, { ...target, ref: text })))
    const actual = build(TaskRef.format(TaskRef.parse(ref)))
    const expected = build(target.ref)
    if (!isDeepStrictEqual(actual, expected)) {
      fail(
        `The ref ${ref} builds another request after it is parsed and formatted.\n${formatDiff(actual, expected)}`
      )
    }
  }
}

/** The checks of refs. */
export const refChecks = (context: TestContext): ReadonlyArray<Check> => [
  {
    name: "a snapshot's ref builds the same request again, params included",
    run: () => checkRoundTrip(context)
  },
  {
    name: "every task id is encoded or rejected",
    run: () => {
      for (const target of context.targets) checkEncoding(context, target)
    }
  },
  {
    name: "every param of a ref is encoded or rejected",
    run: () => {
      for (const target of context.targets) checkParams(context, target)
    }
  },
  {
    name: "different task ids build different requests",
    run: () => {
      for (const target of context.targets) {
        checkDistinct((id) => requestFor(context, target, id), TaskRef.parse(target.ref).id)
      }
    }
  }
]
