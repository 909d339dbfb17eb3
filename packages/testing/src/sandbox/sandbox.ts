/** Global functions of Node that a provider must not use, replaced while a provider's function runs. */

/** Replaces a property and returns a function that restores it. */
const replace = (target: object, name: string, value: unknown): (() => void) => {
  const original = Object.getOwnPropertyDescriptor(target, name)
  Object.defineProperty(target, name, {
    value,
    configurable: true,
    writable: true,
    enumerable: original?.enumerable ?? false
  })
  return () => {
    if (original === undefined) Reflect.deleteProperty(target, name)
    else Object.defineProperty(target, name, original)
  }
}

type Reject = (action: string) => never

/** `Date` without the current time. */
const dateWithoutClock = (original: typeof Date, reject: Reject): typeof Date =>
  new Proxy(original, {
    construct: (target, args: ReadonlyArray<unknown>) =>
      args.length === 0
        ? reject("reads the clock (new Date())")
        : (Reflect.construct(target, args) as object),
    apply: () => reject("reads the clock (Date())"),
    get: (target, name) =>
      name === "now" ? () => reject("reads the clock (Date.now)") : (Reflect.get(target, name) as unknown)
  })

/** An environment without variables except `NODE_ENV`, which libraries read and which does not affect results. */
const environmentWithoutVariables = (original: object, reject: Reject): object =>
  new Proxy(original, {
    get: (target, name) =>
      name === "NODE_ENV" || typeof name === "symbol"
        ? (Reflect.get(target, name) as unknown)
        : reject(`reads the environment (process.env.${name})`)
  })

const forbidden = (action: string): Error =>
  new Error(`A provider's function ${action}, which the contract does not allow`)

/**
 * Runs a function without clock, random numbers, environment and network. Using one of them throws.
 *
 * @param onViolation Called with each use, even if the function catches the error.
 */
export const runInSandbox = <A>(run: () => A, onViolation: (action: string) => void): A => {
  const reject: Reject = (action) => {
    onViolation(action)
    throw forbidden(action)
  }
  const rejecting = (action: string) => () => reject(action)
  const restore = [
    replace(globalThis, "Date", dateWithoutClock(globalThis.Date, reject)),
    replace(Math, "random", rejecting("uses random numbers (Math.random)")),
    replace(globalThis, "fetch", rejecting("uses the network (fetch)")),
    replace(performance, "now", rejecting("reads the clock (performance.now)")),
    replace(crypto, "randomUUID", rejecting("uses random numbers (crypto.randomUUID)")),
    replace(crypto, "getRandomValues", rejecting("uses random numbers (crypto.getRandomValues)")),
    replace(process, "env", environmentWithoutVariables(process.env, reject))
  ]
  try {
    return run()
  } finally {
    for (const restoreOne of restore) restoreOne()
  }
}

/** Runs a function without the network, so that a provider's tests send nothing whatever the provider does. */
export const withoutNetwork = <A>(run: () => A): A => {
  const restore = replace(globalThis, "fetch", () => {
    throw forbidden("uses the network (fetch)")
  })
  try {
    return run()
  } finally {
    restore()
  }
}
