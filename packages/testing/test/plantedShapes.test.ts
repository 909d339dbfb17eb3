import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { snapshot } from "@gentask/core/provider"
import type { ResponseHead } from "@gentask/core/provider"
import { followingUp, reading } from "./planted/altered.ts"
import { rejection } from "./planted/plant.ts"
import type { Planted } from "./planted/plant.ts"
import { Body, interpret, interpretError } from "./planted/orbit.ts"

const anything = Schema.toStandardSchemaV1(Schema.Unknown)

const odd = (name: string) => `${name}.json: one odd member neither throws nor ends the task otherwise`
const foreign = (name: string) => `${name}.json: members that nobody knows change nothing`
const http = (status: number, tag: string) =>
  `HTTP ${status} with JSON that says nothing, a web page or nothing is ${tag}`
const shape = "an answer of the wrong shape is not understood, and nothing throws"

/** Bugs that show where an answer has another shape than the document's. */
const bugs: ReadonlyArray<Planted> = [
  {
    bug: "no schema, and members that are used before they are looked at",
    query: { response: anything },
    fails: {
      [shape]: /^query\.interpret throws on the answer null: Cannot read properties of null/,
      [odd("done")]:
        /^query\.interpret throws on an answer whose member job\.files is a text: .* is not a function/
    },
    also: /one odd member/
  },
  {
    bug: "an empty object taken for a task that waits",
    query: {
      decode: (body: Body) =>
        Object.keys(body).length === 0 ? snapshot({ status: "queued" }) : interpret(body)
    },
    fails: { [shape]: /^The answer \{\} is taken for queued, and it tells nothing\./ }
  },
  {
    bug: "a reading of errors that throws",
    query: {
      decodeError: (body: Body, answer: ResponseHead) =>
        interpretError({ ...body, message: (body.message as string).trim() }, answer)
    },
    fails: {
      [shape]: /^query\.interpretError throws on the answer \{\}: Cannot read properties of undefined/,
      [odd("limited")]: /^query\.interpretError throws on an answer whose member message is left out/,
      [http(401, "Unauthorized")]: /is read as UnexpectedResponse/
    },
    also: /^HTTP \d|^Retry-After/
  },
  {
    bug: "a failure wherever the message is another one",
    query: {
      decode: reading((_, __, { message }) => (message === "ok" ? undefined : { status: "failed" }))
    },
    fails: {
      [odd("waiting")]:
        /^The task is queued by its word "waiting", and an answer whose member message is left out makes it failed\./,
      [odd("done")]: /^The task is succeeded by its word "done", and .* message is left out makes it failed\./
    },
    also: /one odd member/
  },
  {
    bug: "a success as soon as the progress is full",
    query: { decode: reading(({ progress }) => (progress === 1 ? { status: "succeeded" } : undefined)) },
    fails: {
      [odd("working")]:
        /^The task is running by its word "working", and .* job\.progress is 100 makes it succeeded\./
    },
    also: /one odd member|a word that nobody knows/
  },
  {
    bug: "a failure where a success has no output",
    query: {
      decode: reading(({ rawStatus, outputs = [] }) =>
        rawStatus === "done" && outputs.length === 0 ? { status: "failed" } : undefined
      )
    },
    fails: {
      [odd("done")]:
        /^The task is succeeded by its word "done", and .* job\.files is left out makes it failed\./,
      [odd("done.later")]:
        /^The task is succeeded by its word "done", and .* job\.result_id is left out makes it failed\./
    }
  },
  {
    bug: "an answer that must have no further members",
    query: {
      response: Schema.toStandardSchemaV1(Body, { parseOptions: { onExcessProperty: "error" } })
    },
    fails: { [foreign("waiting")]: /^A member that nobody knows changes what the answer means/ },
    also: /members that nobody knows/
  },
  {
    bug: "outputs that must have no further members",
    query: {
      decode: followingUp(() => ({
        response: Schema.toStandardSchemaV1(
          Schema.Struct({
            files: Schema.Tuple([Schema.Struct({ type: Schema.String, url: Schema.String })])
          }),
          {
            parseOptions: { onExcessProperty: "error" }
          }
        )
      }))
    },
    fails: {
      [foreign("done.later")]: /^A member that nobody knows changes[^]*path: 'gentask_unknown_member'/
    }
  },
  {
    bug: "a follow-up at a path that is not encoded",
    query: {
      decode: followingUp(({ request }) => ({
        request: { ...request, path: request.path.replace("%2F", "/") }
      }))
    },
    fails: {
      "done.later.json: the request is what the document shows":
        /\+ +path: '.*results\/r\/1',?\n- +path: '.*results\/r%2F1'/
    }
  },
  {
    bug: "a follow-up that throws",
    query: { decode: followingUp(() => ({ response: anything })) },
    fails: {
      [shape]: /^query\.interpret's follow-up\.interpret throws on the follow-up's answer null/,
      [odd("done.later")]:
        /^query\.interpret's follow-up\.interpret throws on an answer whose member files is a text/
    }
  }
]

describe("the kit rejects, where an answer has another shape,", () => {
  it.each(bugs)("$bug", (planted) => {
    const { found, due } = rejection(planted)
    expect(found).toEqual(due)
  })
})
