/** An amount of money, or of a vendor's credits. */
export interface Amount {
  /** The number of units. */
  readonly amount: number
  /** The unit: a currency such as `USD`, or the vendor's word such as `credits`. */
  readonly unit: string
}
