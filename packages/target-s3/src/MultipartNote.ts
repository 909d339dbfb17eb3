import type { TargetFile, UploadNote } from "@gentask/core"

/** What a note says about an unfinished upload. */
export interface UnfinishedUpload {
  readonly uploadId: string
  /** Of the whole file. */
  readonly sha256: string
  readonly partSize: number
  /** The entity tags of the parts that were uploaded, by part number. */
  readonly etags: Readonly<Record<string, string>>
}

const parse = (text: string): UnfinishedUpload | undefined => {
  try {
    const json = JSON.parse(text) as Partial<Record<keyof UnfinishedUpload, unknown>> | null
    const { uploadId, sha256, partSize, etags } = json ?? {}
    if (typeof uploadId !== "string" || typeof sha256 !== "string" || typeof partSize !== "number")
      return undefined
    const pairs = Object.entries(typeof etags === "object" && etags !== null ? etags : {}).filter(
      (pair): pair is [string, string] => typeof pair[1] === "string"
    )
    return { uploadId, sha256, partSize, etags: Object.fromEntries(pairs) }
  } catch {
    return undefined
  }
}

/** The durable record of an unfinished upload. */
export class MultipartNote {
  readonly #note: UploadNote
  readonly #upload: UnfinishedUpload
  readonly #etags: Record<string, string>
  /** Settles when all that was recorded is written. */
  #writing: Promise<void> = Promise.resolve()

  private constructor(note: UploadNote, upload: UnfinishedUpload) {
    this.#note = note
    this.#upload = upload
    this.#etags = { ...upload.etags }
  }

  /** Reads the record of an upload that was interrupted. */
  static async read(note: UploadNote): Promise<UnfinishedUpload | undefined> {
    return parse((await note.read()) ?? "")
  }

  /** Continues a record. */
  static resume(note: UploadNote, upload: UnfinishedUpload): MultipartNote {
    return new MultipartNote(note, upload)
  }

  /** Records a new upload. It is on the disk when the promise resolves. */
  static async create(
    note: UploadNote,
    uploadId: string,
    { sha256 }: Pick<TargetFile, "sha256">,
    partSize: number
  ): Promise<MultipartNote> {
    const created = new MultipartNote(note, { uploadId, sha256, partSize, etags: {} })
    await created.#write()
    return created
  }

  get uploadId(): string {
    return this.#upload.uploadId
  }

  /** The entity tag of a part; undefined if it was not uploaded. */
  etagOf(part: number): string | undefined {
    return this.#etags[part]
  }

  /** Records an uploaded part. */
  add(part: number, etag: string): Promise<void> {
    this.#etags[part] = etag
    this.#writing = this.#writing.then(() => this.#write())
    return this.#writing
  }

  #write(): Promise<void> {
    return this.#note.write(JSON.stringify({ ...this.#upload, etags: this.#etags }))
  }
}
