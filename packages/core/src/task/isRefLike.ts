/** The parts of a task ref. JavaScript may leave out its params. */
interface RefLike {
  readonly provider: string
  readonly account: string | undefined
  readonly id: string
  readonly params?: Readonly<Record<string, string>> | undefined
}

const isText = (value: unknown): boolean => typeof value === "string"

/** Whether a value has the parts of a task ref. Their content is not checked. */
export const isRefLike = (value: unknown): value is RefLike => {
  if (typeof value !== "object" || value === null) return false
  try {
    const { provider, account, id, params } = value as Readonly<Record<string, unknown>>
    return (
      isText(provider) &&
      isText(id) &&
      (account === undefined || isText(account)) &&
      (params === undefined ||
        (typeof params === "object" && params !== null && Object.values(params).every(isText)))
    )
  } catch {
    // A getter may throw.
    return false
  }
}
