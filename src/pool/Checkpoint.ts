/**
 * The books of a pool as they are set down after a check that found no difference, so that the next
 * check goes on from there.
 *
 * They lie in the journal as documents: parts of some lines each, and a head that names the parts.
 * The head is written last, so a kill in between leaves the former books. The parts of the former
 * ones are removed after that. All is written and read in slices that hold nobody up.
 */
import { Effect, Option, Schema } from "effect"
import { checkLinesMax } from "../config/Limits.ts"
import { version } from "../config/Settings.ts"
import { Moment } from "../domain/Day.ts"
import { Journal, type Write } from "../store/Journal.ts"
import { type Books, countsOf, Line, linesOf, openBooks, resume, slicesOf } from "./books.ts"

export interface Checkpoint {
  /** The last event that the books have. */
  readonly through: number
  /** When they were last counted from the first event on. */
  readonly recountedAt: number
  readonly books: Books
}

const Settled = Schema.Struct({
  retired: Schema.Int,
  returned: Schema.Int,
  gone: Schema.Int,
})

const Head = Schema.Struct({
  /** Another version may count by other rules, so it counts anew. */
  program: Schema.Literal(version),
  /** The parts lie in one of two places by turns. */
  place: Schema.Literals(["a", "b"]),
  parts: Schema.Int,
  lines: Schema.Int,
  through: Schema.Int,
  recountedAt: Moment,
  read: Schema.Int,
  settled: Settled,
  /** How many items each place has, for comparison with the lines. */
  counts: Schema.Record(Schema.String, Schema.Int),
})
type Head = typeof Head.Type

const headKind = "books"

/** Each part is of a kind of its own, since the journal gives all documents of a kind at once. */
const partKind = (resource: string, place: Head["place"], part: number) =>
  `books ${resource} ${place} ${part}`

const decodeHead = Schema.decodeUnknownOption(Head)
const decodeLines = Schema.decodeUnknownOption(Schema.Array(Line))

/** The head, if there is one that this program wrote. */
const headOf = Effect.fnUntraced(function* (resource: string) {
  const heads = yield* (yield* Journal).documents(headKind)
  return Option.flatMap(Option.fromUndefinedOr(heads.find(({ key }) => key === resource)), (head) =>
    decodeHead(head.body),
  )
})

/** None where there is nothing that this program can go on from; that is no fault. */
export const load = Effect.fnUntraced(
  function* (resource: string) {
    const journal = yield* Journal
    const head = yield* Effect.fromOption(yield* headOf(resource))
    const books = openBooks()
    let lines = 0
    for (let part = 0; part < head.parts; part += 1) {
      const [found] = yield* journal.documents(partKind(resource, head.place, part))
      const decoded = yield* Effect.fromOption(decodeLines(found?.body))
      for (const line of decoded) resume(books, line)
      lines += decoded.length
      yield* Effect.yieldNow
    }
    books.read = head.read
    Object.assign(books.settled, head.settled)
    if (lines !== head.lines || !isSame(countsOf(books), head.counts)) return yield* notWhole
    const found: Checkpoint = { through: head.through, recountedAt: head.recountedAt, books }
    return found
  },
  // What cannot be read is counted anew, and the events say whether the disk is at fault.
  (self) => Effect.option(self),
)

const notWhole = Effect.fail("the lines are not those of the head")

const isSame = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>) =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([place, count]) => b[place] === count)

/** Sets the books down in the place of those before. */
export const save = Effect.fnUntraced(function* (
  resource: string,
  { through, recountedAt, books }: Checkpoint,
) {
  const journal = yield* Journal
  const former = yield* headOf(resource)
  const place = Option.match(former, {
    onNone: () => "a" as const,
    onSome: (head) => (head.place === "a" ? ("b" as const) : ("a" as const)),
  })
  let part = 0
  let lines = 0
  for (const body of slicesOf(linesOf(books), checkLinesMax)) {
    const kind = partKind(resource, place, part)
    yield* journal.write([{ _tag: "DocumentPut", kind, key: resource, body }])
    part += 1
    lines += body.length
    yield* Effect.yieldNow
  }
  const head: Head = {
    program: version,
    place,
    parts: part,
    lines,
    through,
    recountedAt,
    read: books.read,
    settled: { ...books.settled },
    counts: { ...countsOf(books) },
  }
  yield* journal.write([{ _tag: "DocumentPut", kind: headKind, key: resource, body: head }])
  yield* clear(resource, place === "a" ? "b" : "a", 0)
  // A longer list that a kill cut off may have left these.
  yield* clear(resource, place, part)
})

/** Removes the parts of a place from one on. */
const clear = Effect.fnUntraced(function* (resource: string, place: Head["place"], from: number) {
  const journal = yield* Journal
  for (let part = from; ; part += 1) {
    const kind = partKind(resource, place, part)
    if ((yield* journal.documents(kind)).length === 0) return
    const removed: Write = { _tag: "DocumentRemoved", kind, key: resource }
    yield* journal.write([removed])
    yield* Effect.yieldNow
  }
})
