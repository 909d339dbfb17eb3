/** Whether each recorded answer gives the meaning that its recording says. */
import { isDeepStrictEqual } from "node:util"
import { maxFollowUps } from "@gentask/core/internal"
import { fail } from "../Check.ts"
import type { Check } from "../Check.ts"
import { difference } from "../difference.ts"
import { meaningOf, tidy } from "../Expectation.ts"
import type { Meaning } from "../Expectation.ts"
import { questionOf, rehearse, rehearseCase } from "../replay.ts"
import type { Case, Subject } from "../replay.ts"
import { writeMeans } from "../recordingFolder.ts"
import { statusPlace, withWord } from "../statusPath.ts"
import { supervise } from "../supervise.ts"

/** What the answers of a recording mean now; fails where they do not come to an end. */
const readMeaning = (subject: Subject, asking: Case): Meaning => {
  const { spec, breaches } = supervise(subject.spec)
  const { interpretation, requests } = rehearse(
    questionOf({ spec, apiKey: subject.apiKey }, asking),
    asking.answers
  )
  const thrown = breaches.find(({ kind }) => kind === "throws")
  if (thrown !== undefined) fail(`${thrown.where} throws on the answer: ${thrown.what}`)
  if (interpretation._tag === "FollowUp") {
    const { method, path } = interpretation.followUp.request
    return asking.answers.length > maxFollowUps
      ? fail(
          `The provider asks for more than ${maxFollowUps} further requests, which is as many as core sends.`
        )
      : fail(`The answer asks for one more request, ${method} ${path}. Record its answer in "then".`)
  }
  if (requests.length < asking.answers.length) {
    fail(
      `"then" holds ${asking.answers.length - 1} further exchanges, and the provider asks for ${requests.length - 1}. Leave out what is never asked.`
    )
  }
  return meaningOf(interpretation, asking.answers.at(-1)?.status ?? 200)
}

const checkMeaning = (subject: Subject, asking: Case): void => {
  const { means } = asking.recording
  const actual = readMeaning(subject, asking)
  if (means === undefined) {
    if (process.env["GENTASK_RECORD"] === "1" && writeMeans(asking.path, actual)) return
    fail(
      `The recording has no "means". Run with GENTASK_RECORD=1 to have this written into it, and then review it against the vendor's document, word by word:\n${JSON.stringify(actual, undefined, 2)}`
    )
  }
  const expected = tidy(means as Meaning)
  if (!isDeepStrictEqual(actual, expected)) {
    fail(
      `The answer does not mean what the recording says. Mend the provider; or "means", where the vendor's document says so.\n${difference(actual, expected)}`
    )
  }
}

const checkWords = (subject: Subject, asking: Case, words: ReadonlyArray<string>): void => {
  const place = statusPlace(subject, asking)
  if (place === undefined)
    return fail('The recording has "words", and its answer holds no word for the status. Leave them out.')
  const recorded = meaningOf(rehearseCase(subject, asking) as Parameters<typeof meaningOf>[0], 200)
  for (const word of words) {
    const reading = rehearseCase(subject, asking, withWord(asking, place, word))
    const actual = reading._tag === "FollowUp" ? { asks: "one more request" } : meaningOf(reading, 200)
    const expected = { ...recorded, rawStatus: word }
    if (!isDeepStrictEqual(actual, expected)) {
      fail(
        `${JSON.stringify(word)} in the place of the status does not mean the same. Add it to the spec's statuses, or take it out of "words".\n${difference(actual, expected)}`
      )
    }
  }
}

/** The checks of what recorded answers mean. */
export const meaningChecks = (subject: Subject): ReadonlyArray<Check> =>
  subject.cases.flatMap((asking) => {
    const { words = [] } = asking.recording
    const meaning = {
      name: `${asking.name}: the answer gives its meaning`,
      run: () => checkMeaning(subject, asking)
    }
    const synonyms = {
      name: `${asking.name}: its other words mean the same`,
      run: () => checkWords(subject, asking, words)
    }
    return words.length === 0 ? [meaning] : [meaning, synonyms]
  })
