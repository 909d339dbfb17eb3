/** Whether a provider's functions are pure: they answer from what they are given, at once, and change nothing. */
import { resolveAccount } from "@gentask/core/internal"
import { signRequest, buildRequest } from "@gentask/core/internal"
import { configureAccount } from "@gentask/core/provider"
import { fail } from "../Check.ts"
import type { Check } from "../Check.ts"
import { questionOf, rehearseCase } from "../replay.ts"
import type { Asking, Subject } from "../replay.ts"
import { pureAdvice, supervise } from "../supervise.ts"

/** Runs what may be refused; that is another check's matter. */
const attempt = (run: () => unknown): void => {
  try {
    run()
  } catch {
    // Refused.
  }
}

const failIfImpure = (subject: Subject, run: (supervised: Subject) => void): void => {
  const { spec, breaches } = supervise(subject.spec)
  attempt(() => run({ ...subject, spec }))
  const breach = breaches.find(({ kind }) => kind === "impure")
  if (breach !== undefined) {
    fail(`${breach.where} ${breach.what}. ${pureAdvice}`)
  }
}

const ask = (subject: Subject, asking: Asking): void => {
  const { ref, options } = asking
  attempt(() => resolveAccount(configureAccount(subject.spec, { ...options, apiKey: subject.apiKey })))
  attempt(() => {
    const question = questionOf(subject, { ref, options })
    signRequest(question, buildRequest(question, subject.spec.query), new Date(0))
  })
}

/** The checks of purity. */
export const purityChecks = (subject: Subject): ReadonlyArray<Check> => [
  {
    name: "asking is pure: no clock, chance, environment or network, no promise, nothing changed",
    run: () => {
      for (const asking of [...subject.examples, ...subject.askings])
        failIfImpure(subject, (supervised) => ask(supervised, asking))
    }
  },
  ...subject.cases.map((asking) => ({
    name: `${asking.name}: reading is pure: no clock, chance, environment or network, no promise, nothing changed`,
    run: () => {
      for (const status of [undefined, 400, 500]) {
        const answers = asking.answers.map((answer) => ({ ...answer, status: status ?? answer.status }))
        failIfImpure(subject, (supervised) => rehearseCase(supervised, asking, answers))
      }
    }
  }))
]
