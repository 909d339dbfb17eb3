/** Prepares to save, and returns a function that saves the next file. It resolves to false after the last file. */
export type Prepare = (load: SavingLoad, baseUrl: string, dir: string) => Promise<() => Promise<boolean>>

/** The files to save. */
export interface SavingLoad {
  readonly files: number
  /** The size of each file, in bytes. */
  readonly size: number
  /** The number of files to save at a time. */
  readonly concurrency: number
}

/** The cost of saving the files. */
export interface SavingRun {
  /** The duration, in milliseconds. */
  readonly wall: number
  /** The CPU time of the process, in milliseconds. */
  readonly cpu: number
  /** The peak memory of the process, in bytes; undefined if it was not measured. */
  readonly peakMemory?: number
  /** The memory at each tenth of the duration, in bytes. */
  readonly memoryOverTime?: ReadonlyArray<number>
}
