/** The keys that JOURNAL_KEY holds, or the file that holds them. */

/** 32 bytes, or `none` in the place of the first key: then nothing is sealed any more. */
export type Key = Uint8Array | "none"

/** The first key seals what is written; the others only open what was sealed before. */
export type Keys = ReadonlyArray<Key>

export type JournalKey =
  | { readonly _tag: "Keys"; readonly keys: Keys }
  | { readonly _tag: "File"; readonly path: string }

/** A text that is neither keys nor a path gives nothing. */
export const readJournalKey = (text: string): JournalKey | undefined => {
  const keys = keysIn(text)
  if (keys !== undefined) return { _tag: "Keys", keys }
  // A base64 key that was cut off may have a slash in it too: then no such file is found.
  return !text.includes(",") && /[./\\]/.test(text) ? { _tag: "File", path: text } : undefined
}

/** Keys by commas, or one a line as in a file; `undefined` where one of them is no key. */
export const keysIn = (text: string): Keys | undefined => {
  const parts = text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== "")
  const keys = parts.map((part, index): Key | undefined =>
    part === "none" && index === 0 ? "none" : keyIn(part),
  )
  const found = keys.filter((key) => key !== undefined)
  return found.length > 0 && found.length === parts.length ? found : undefined
}

const keyIn = (part: string): Uint8Array | undefined => {
  if (/^[0-9a-f]{64}$/i.test(part)) return Buffer.from(part, "hex")
  if (/^[A-Za-z0-9+/]{43}=$/.test(part)) return Buffer.from(part, "base64")
  return undefined
}
