/** The world out of a function's reach: while it runs, whoever reads a clock, chance, the environment or the network throws. */

const replace = (target: object, name: string, value: unknown): (() => void) => {
  const own = Object.getOwnPropertyDescriptor(target, name)
  Object.defineProperty(target, name, {
    value,
    configurable: true,
    writable: true,
    enumerable: own?.enumerable ?? false
  })
  return () => {
    if (own === undefined) Reflect.deleteProperty(target, name)
    else Object.defineProperty(target, name, own)
  }
}

/** A `Date` that reads instants and has no clock. */
const dateWithout = (clock: typeof Date, touch: (what: string) => never): typeof Date =>
  new Proxy(clock, {
    construct: (target, given: ReadonlyArray<unknown>) =>
      given.length === 0
        ? touch("reads the clock (new Date())")
        : (Reflect.construct(target, given) as object),
    apply: () => touch("reads the clock (Date())"),
    get: (target, name) =>
      name === "now" ? () => touch("reads the clock (Date.now)") : (Reflect.get(target, name) as unknown)
  })

/** Libraries ask for NODE_ENV to be quick or careful, and mean the same either way. */
const environmentWithout = (environment: object, touch: (what: string) => never): object =>
  new Proxy(environment, {
    get: (target, name) =>
      name === "NODE_ENV" || typeof name === "symbol"
        ? (Reflect.get(target, name) as unknown)
        : touch(`reads the environment (process.env.${name})`)
  })

/**
 * Runs a function without the world. `told` hears what it reached for, also where the function catches the error that it
 * gets instead.
 */
export const withoutWorld = <A>(run: () => A, told: (what: string) => void): A => {
  const touch = (what: string): never => {
    told(what)
    throw new Error(`A provider's function ${what}, which the contract does not allow`)
  }
  const never = (what: string) => (): never => touch(what)
  const restore = [
    replace(globalThis, "Date", dateWithout(globalThis.Date, touch)),
    replace(Math, "random", never("reads chance (Math.random)")),
    replace(globalThis, "fetch", never("reaches for the network (fetch)")),
    replace(performance, "now", never("reads the clock (performance.now)")),
    replace(crypto, "randomUUID", never("reads chance (crypto.randomUUID)")),
    replace(crypto, "getRandomValues", never("reads chance (crypto.getRandomValues)")),
    replace(process, "env", environmentWithout(process.env, touch))
  ]
  try {
    return run()
  } finally {
    for (const each of restore) each()
  }
}

/** Runs a function without the network: whatever a provider does, its tests send nothing. */
export const withoutNetwork = <A>(run: () => A): A => {
  const restore = replace(globalThis, "fetch", () => {
    throw new Error(
      "A provider's function reaches for the network (fetch), which the contract does not allow"
    )
  })
  try {
    return run()
  } finally {
    restore()
  }
}
