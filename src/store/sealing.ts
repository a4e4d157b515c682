/**
 * Secrets at rest: a text that says something of a person or an item is stored under AES-256-GCM
 * where JOURNAL_KEY holds a key, and as it is where it holds none.
 *
 * The cipher is that of node:crypto and not WebCrypto's, which is the same one of OpenSSL, but gives
 * a promise for each text: a commit is one synchronous transaction, and a promise would let others
 * write into the middle of it. It is quicker too: of 600 characters 4 µs in place of 42.
 *
 * A sealed value is bound to its column: in another one it cannot be opened. Where SQL compares or
 * groups values, equal texts of a column are stored alike, so whoever reads the file sees that two
 * of them are equal, and nothing else. All others are stored differently each time.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hash,
  hkdfSync,
  randomBytes,
} from "node:crypto"

/** The columns that are sealed. */
export const sealedColumns = {
  event: ["body"],
  event_block: ["body"],
  snapshot: ["state"],
  snapshot_part: ["state"],
  intent: ["body"],
  inbox: ["body"],
  document: ["body"],
  issuance: ["stage", "key"],
  comment: ["text"],
  quarantine: ["body"],
} as const

type Columns = typeof sealedColumns
export type Column = { readonly [T in keyof Columns]: `${T}.${Columns[T][number]}` }[keyof Columns]

/** Where a sealed value stands. */
export type Place = Column | "document.pepper"

/** The table and the column of a place. */
export const partsOf = (place: Column): readonly [keyof Columns, string] => {
  const [table = "", column = ""] = place.split(".")
  // A place is a table and one of its columns, which `split` does not say.
  return [table as keyof Columns, column]
}

/** Where equal texts are stored alike: comments are counted, and a check compares the books. */
const alikeIn: ReadonlySet<Place> = new Set(["comment.text", "issuance.key", "issuance.stage"])

export interface Sealing {
  /** The name of the key; `null` where texts are stored as they are. */
  readonly key: string | null
  readonly seal: (place: Place, text: string) => string
  /** The text; `undefined` where something else was sealed, or elsewhere, or with another key. */
  readonly open: (place: Place, stored: string) => string | undefined
  readonly sealBytes: (place: Place, bytes: Uint8Array) => Uint8Array
  readonly openBytes: (place: Place, stored: Uint8Array) => Uint8Array | undefined
}

/** Stores texts as they are. */
export const plain: Sealing = {
  key: null,
  seal: (_, text) => text,
  open: (_, stored) => stored,
  sealBytes: (_, bytes) => bytes,
  openBytes: (_, stored) => stored,
}

/**
 * What a key is called in the journal, in the log and in errors: the first 8 hex digits of its
 * SHA-256, from which nobody gets the key.
 */
export const nameOfKey = (key: Uint8Array): string => hash("sha256", key, "hex").slice(0, 8)

export const sealingWith = (key: Uint8Array): Sealing => {
  const name = nameOfKey(key)
  const mark = `~${name}`
  const start = Buffer.from(name, "hex")
  const cipherKey = derived(key, "seal")
  const alikeKey = derived(key, "alike")

  /** The vector must never come twice for two texts, so the column goes into it as well. */
  const vectorOf = (place: Place, bytes: Uint8Array) =>
    alikeIn.has(place)
      ? createHmac("sha256", alikeKey).update(`${place}\n`).update(bytes).digest().subarray(0, 12)
      : newVector()

  const sealed = (place: Place, bytes: Uint8Array): ReadonlyArray<Uint8Array> => {
    const vector = vectorOf(place, bytes)
    const cipher = createCipheriv(algorithm, cipherKey, vector)
    cipher.setAAD(Buffer.from(place))
    const body = cipher.update(bytes)
    return [vector, body, cipher.final(), cipher.getAuthTag()]
  }

  const opened = (place: Place, stored: Buffer): Buffer | undefined => {
    if (stored.length < vectorLength + tagLength) return undefined
    try {
      const vector = stored.subarray(0, vectorLength)
      const decipher = createDecipheriv(algorithm, cipherKey, vector, { authTagLength: tagLength })
      decipher.setAAD(Buffer.from(place))
      decipher.setAuthTag(stored.subarray(-tagLength))
      const body = decipher.update(stored.subarray(vectorLength, -tagLength))
      return Buffer.concat([body, decipher.final()])
    } catch {
      // The tag does not fit.
      return undefined
    }
  }

  return {
    key: name,
    seal: (place, text) =>
      mark + Buffer.concat(sealed(place, Buffer.from(text))).toString("base64"),
    open: (place, stored) =>
      stored.startsWith(mark)
        ? opened(place, Buffer.from(stored.slice(mark.length), "base64"))?.toString("utf8")
        : undefined,
    sealBytes: (place, bytes) => Buffer.concat([start, ...sealed(place, bytes)]),
    openBytes: (place, stored) => {
      const all = Buffer.from(stored)
      return start.equals(all.subarray(0, start.length))
        ? opened(place, all.subarray(start.length))
        : undefined
    },
  }
}

/** Whether a text looks like a sealed one, where only JSON is kept: none of that begins so. */
export const isSealed = (place: Place, stored: string) =>
  !alikeIn.has(place) && /^~[0-9a-f]{8}/.test(stored)

type Row = Readonly<Record<string, unknown>>

/**
 * Opens a column of a row as it was read. A row that cannot be opened is not sound: its checksum
 * may be, since anybody can compute that.
 */
export const openedIn =
  (sealing: Sealing, place: Place, column: string) =>
  <R extends Row>(row: R): R => {
    const stored = row[column]
    if (sealing === plain || typeof stored !== "string") return row
    const text = sealing.open(place, stored)
    return text === undefined ? { ...row, [column]: "", sound: 0 } : { ...row, [column]: text }
  }

const algorithm = "aes-256-gcm"
const vectorLength = 12
const tagLength = 16

const derived = (key: Uint8Array, use: string) =>
  createSecretKey(Buffer.from(hkdfSync("sha256", key, "", `account-bot journal ${use}`, 32)))

/**
 * Drawn from the system: two texts under one vector would give away both, and Random begins at a
 * number that may come again after a restart. Many are drawn at once, which takes a tenth as long.
 */
const newVector = (): Uint8Array => {
  if (drawn.length === 0) drawn = randomBytes(vectorLength * 512)
  const vector = drawn.subarray(0, vectorLength)
  drawn = drawn.subarray(vectorLength)
  return vector
}

let drawn: Uint8Array = new Uint8Array()
