/** Requests that pin, change and remove developer metadata. */
import { Result } from "effect"
import { merged, parseMask } from "./FieldMask.ts"
import type { Book, Metadata, Stepped } from "./Grid.ts"
import {
  type Anchor,
  type Anchored,
  anchored,
  anchorOf,
  findById,
  matching,
  renderMetadata,
  withMetadataAt,
} from "./Metadata.ts"
import type { Bodies } from "./Requests.ts"
import { metadataShape } from "./Shapes.ts"
import type { Switches } from "./Switches.ts"

export const createDeveloperMetadata = (
  book: Book,
  { developerMetadata: given = {} }: Bodies["createDeveloperMetadata"],
): Stepped =>
  Result.gen(function* () {
    if (given.metadataKey === undefined || given.metadataKey === "") {
      return yield* Result.fail("Developer metadata must specify a metadata key.")
    }
    if (given.visibility === undefined) {
      return yield* Result.fail("Developer metadata must specify a visibility.")
    }
    const anchor = yield* anchorOf(book, given.location)
    const metadataId = given.metadataId ?? freeId(book)
    if (metadataId <= 0) {
      return yield* Result.fail(`Developer metadata ID must be positive: [${metadataId}]`)
    }
    if (given.metadataId !== undefined && findById(book, metadataId) !== undefined) {
      return yield* Result.fail(
        `Cannot add developer metadata with ID [${metadataId}] because developer metadata with that ID already exists.`,
      )
    }
    const metadata: Metadata = {
      metadataId,
      metadataKey: given.metadataKey,
      ...(given.metadataValue === undefined ? {} : { metadataValue: given.metadataValue }),
      visibility: given.visibility,
    }
    if (size(metadata) + storedAt(book, anchor) > storageLimit) return yield* tooMuch
    return {
      book: withMetadataAt(book, anchor, (list) => [...list, metadata]),
      reply: {
        createDeveloperMetadata: { developerMetadata: renderMetadata(metadata, anchor) },
      },
    }
  })

export const deleteDeveloperMetadata = (
  book: Book,
  { dataFilter }: Bodies["deleteDeveloperMetadata"],
  { strictPrune }: Switches,
): Stepped =>
  Result.gen(function* () {
    if (dataFilter === undefined) return yield* Result.fail("Must specify a data filter.")
    const found = yield* matching(book, dataFilter)
    if (found.length === 0 && strictPrune) {
      return yield* Result.fail("No developer metadata matched the data filter.")
    }
    return {
      book: found.reduce((left, { metadata, anchor }) => without(left, anchor, metadata), book),
      reply: {
        deleteDeveloperMetadata: listed(
          "deletedDeveloperMetadata",
          found.map(({ metadata, anchor }) => renderMetadata(metadata, anchor)),
        ),
      },
    }
  })

export const updateDeveloperMetadata = (
  book: Book,
  {
    dataFilters = [],
    developerMetadata: given = {},
    fields = "",
  }: Bodies["updateDeveloperMetadata"],
  { strictPrune }: Switches,
): Stepped =>
  Result.gen(function* () {
    if (fields === "") return yield* Result.fail(noFields)
    const mask = yield* Result.mapError(parseMask(fields, metadataShape), (path) => badPath(path))
    const found = new Map<number, Anchored>()
    for (const filter of dataFilters) {
      for (const one of yield* matching(book, filter)) found.set(one.metadata.metadataId, one)
    }
    if (found.size === 0 && strictPrune) {
      return yield* Result.fail("No developer metadata matched the data filters.")
    }
    const { location, metadataId: _, ...rest } = given
    const moved = location === undefined ? undefined : yield* anchorOf(book, location)
    let next = book
    const updated: Array<object> = []
    for (const { metadata, anchor } of found.values()) {
      const { metadataId } = metadata
      const after = { ...merged<Partial<Metadata>>(metadata, rest, mask), metadataId }
      const { metadataKey = "", visibility = metadata.visibility } = after
      if (metadataKey === "")
        return yield* Result.fail("Developer metadata must specify a metadata key.")
      const target = moved !== undefined && (mask === true || "location" in mask) ? moved : anchor
      const whole = { ...after, metadataKey, visibility }
      next = withMetadataAt(without(next, anchor, metadata), target, (list) => [...list, whole])
      updated.push(renderMetadata(whole, target))
    }
    return {
      book: next,
      reply: { updateDeveloperMetadata: listed("developerMetadata", updated) },
    }
  })

export const noFields =
  "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"
export const badPath = (path: string): string => `Invalid field: ${path}`

/** Characters of keys and values that one spreadsheet, or one sheet with its rows, may hold. */
const storageLimit = 30_000
const tooMuch = Result.fail(
  `The developer metadata would exceed the storage limit of ${storageLimit} characters.`,
)

const size = ({ metadataKey, metadataValue = "" }: Metadata): number =>
  metadataKey.length + metadataValue.length

const storedAt = (book: Book, anchor: Anchor): number => {
  const stored =
    anchor.kind === "book"
      ? book.metadata.map((metadata) => ({ metadata, anchor }))
      : [...anchored(book)]
  return stored
    .filter((one) => sheetIdOf(one.anchor) === sheetIdOf(anchor))
    .reduce((sum, { metadata }) => sum + size(metadata), 0)
}

const sheetIdOf = (anchor: Anchor): number | undefined =>
  anchor.kind === "book" ? undefined : anchor.sheetId

const freeId = (book: Book): number => {
  const used = new Set([...anchored(book)].map(({ metadata }) => metadata.metadataId))
  let id = 1
  while (used.has(id)) id++
  return id
}

const without = (book: Book, anchor: Anchor, { metadataId }: Metadata): Book =>
  withMetadataAt(book, anchor, (list) => list.filter((one) => one.metadataId !== metadataId))

const listed = (name: string, items: ReadonlyArray<object>): object =>
  items.length === 0 ? {} : { [name]: items }
