/**
 * Old events, packed: some hundreds of one pool in one compressed block, with what each of them
 * concerns. They are most of the journal and hardly ever read, and packed they take a tenth of the
 * room.
 *
 * A block stands for its events in every reading. It carries a checksum as they did, and events are
 * packed only as long as their own checksums fit. The newest event is never packed, so that the
 * numbers go on from it.
 */
import { Result, Schema } from "effect"
import type { TrailQuery } from "./Journal.ts"
import { checksum, type Database, packed, unpacked } from "./SqliteDatabase.ts"
import { openedIn, type Sealing } from "./sealing.ts"
import { isSound } from "./soundness.ts"

/** An event as its table has it, and whether it is as it was written. */
export interface EventRow {
  readonly [column: string]: unknown
  readonly seq: number
  readonly pool: string
  readonly at: number
  readonly body: string
  readonly sound: number
}

export interface Archive {
  /** The events of a pool behind one of them, packed or not, oldest first. */
  readonly after: (pool: string, seq: number) => Generator<EventRow>
  /** The newest events that fit, newest first. `live`: those that are not packed. */
  readonly newest: (
    refs: ReadonlyArray<string>,
    page: Pick<TrailQuery, "before" | "limit">,
    live: ReadonlyArray<EventRow>,
  ) => ReadonlyArray<EventRow>
  /** Whether some pool has a whole block of events that were written before that moment. */
  readonly isWorthwhile: (before: number) => boolean
  /** Packs one block of them; to be called inside a transaction. */
  readonly pack: (before: number) => void
}

/** What a block holds: the number, the moment, the body and the references of each event. */
const Packed = Schema.Array(
  Schema.Tuple([Schema.Int, Schema.Finite, Schema.String, Schema.Array(Schema.String)]),
)
type Packed = typeof Packed.Type

const decodePacked = Schema.decodeUnknownResult(Packed)

/** `blockText`: how many characters of events make a block. */
export const prepareArchive = (
  database: Database,
  blockText: number,
  sealing: Sealing,
): Archive => {
  const run = prepareStatements(database)
  const openedEvent = eventRowIn(sealing)

  /** The events of a block; none and a row that is not sound where the block is not. */
  const open = (first: number): ReadonlyArray<readonly [EventRow, ReadonlyArray<string>]> => {
    const { pool, body, sound } = run.block.get(first) ?? {}
    const place = { pool: String(pool), seq: first, at: 0, body: "" }
    const events = Result.flatMap(
      Result.try((): unknown => (sound === 1 ? JSON.parse(textIn(sealing, body)) : undefined)),
      decodePacked,
    )
    return Result.match(events, {
      onFailure: () => [[{ ...place, sound: 0 }, []]],
      onSuccess: (all) =>
        all.map(([seq, at, text, refs]) => [{ ...place, seq, at, body: text, sound: 1 }, refs]),
    })
  }

  const after: Archive["after"] = function* (pool, seq) {
    for (const { first } of run.blocksAfter.iterate(pool, seq)) {
      for (const [event] of open(Number(first))) {
        if (event.seq > seq || event.sound === 0) yield event
      }
    }
    for (const row of run.eventsAfter.iterate(pool, seq)) yield openedEvent(row)
  }

  const newest: Archive["newest"] = (refs, { before = Infinity, limit }, live) => {
    let found = live
    for (const { first, last } of blocksWith(database, refs, before)) {
      const oldest = found.at(-1)
      if (found.length >= limit && oldest !== undefined && Number(last) < oldest.seq) break
      const fitting = open(Number(first))
        .filter(
          ([{ seq, sound }, own]) =>
            sound === 0 || (seq < before && refs.every((ref) => own.includes(ref))),
        )
        .map(([event]) => event)
      found = [...found, ...fitting].toSorted((a, b) => b.seq - a.seq).slice(0, limit)
    }
    return found
  }

  /** The oldest events of a pool, if they make a whole block and are as they were written. */
  const blockOf = (pool: string, before: number): ReadonlyArray<EventRow> | undefined => {
    const newestSeq = Number(run.newestSeq.get()?.["seq"])
    const rows: Array<EventRow> = []
    let length = 0
    for (const row of run.eventsAfter.iterate(pool, 0)) {
      const event = openedEvent(row)
      if (event.at >= before || event.seq >= newestSeq || event.sound === 0) return undefined
      rows.push(event)
      length += event.body.length
      if (length >= blockText || rows.length >= blockEventsMax) return rows
    }
    return undefined
  }

  const nextBlock = (before: number): ReadonlyArray<EventRow> | undefined => {
    for (let pool = ""; ;) {
      const next = run.nextPool.get(pool)?.["pool"]
      if (typeof next !== "string") return undefined
      const rows = blockOf(next, before)
      if (rows !== undefined) return rows
      pool = next
    }
  }

  // To find a block takes as long as to pack it. Nothing but packing takes events away.
  let ready: ReadonlyArray<EventRow> | undefined

  const pack: Archive["pack"] = (before) => {
    const rows = ready ?? nextBlock(before)
    ready = undefined
    const [oldest, latest] = [rows?.[0], rows?.at(-1)]
    if (rows === undefined || oldest === undefined || latest === undefined) return
    const { pool, seq: first } = oldest
    const { seq: last } = latest
    const concerned = new Set<string>()
    const all: Packed = rows.map(({ seq, at, body }) => {
      const refs = run.refs.all(seq).map(({ ref }) => String(ref))
      for (const ref of refs) concerned.add(ref)
      return [seq, at, body, refs]
    })
    const body = bodyOf(sealing, all)
    run.addBlock.run(first, last, pool, body, checksum(first, last, pool, body))
    for (const ref of concerned) run.addRef.run(ref, first, checksum(ref, first))
    for (const { seq } of rows) {
      run.removeRefs.run(seq)
      run.remove.run(seq)
    }
  }

  return {
    after,
    newest,
    isWorthwhile: (before) => (ready = nextBlock(before)) !== undefined,
    pack,
  }
}

/** The text of a block; throws where it is none. */
const textIn = (sealing: Sealing, body: unknown): string =>
  unpacked(body instanceof Uint8Array ? sealing.openBytes("event_block.body", body) : undefined)

const bodyOf = (sealing: Sealing, events: Packed): Uint8Array =>
  sealing.sealBytes("event_block.body", packed(JSON.stringify(events)))

/** All events that are packed, with what each of them concerns; the blocks are to be sound. */
export function* packedEvents(
  database: Database,
  sealing: Sealing,
): Generator<PackedEvent & { readonly seq: number; readonly pool: string; readonly at: number }> {
  const all = database.prepare("SELECT pool, body FROM event_block ORDER BY first")
  for (const { pool, body: stored } of all.iterate()) {
    const events = Result.getOrThrow(decodePacked(JSON.parse(textIn(sealing, stored))))
    for (const [seq, at, body, refs] of events) yield { seq, pool: String(pool), at, body, refs }
  }
}

/** What a block keeps of an event besides its number and its moment. */
interface PackedEvent {
  readonly body: string
  readonly refs: ReadonlyArray<string>
}

/**
 * Rewrites the events of the blocks that `isConcerned` says yes to; to be called inside a
 * transaction. A block that is not sound stays as it is.
 */
export const rewriteBlocks = (
  database: Database,
  sealing: Sealing,
  isConcerned: (text: string) => boolean,
  rewrite: (event: PackedEvent) => PackedEvent,
): void => {
  const all = database.prepare(
    `SELECT first, last, pool, body FROM event_block WHERE ${isSound("event_block")} AND first > ?
     ORDER BY first LIMIT 1`,
  )
  const put = database.prepare("UPDATE event_block SET body = ?, sum = ? WHERE first = ?")
  for (let block = all.get(0); block !== undefined; block = all.get(Number(block["first"]))) {
    const text = textIn(sealing, block["body"])
    const events = isConcerned(text) ? decodePacked(JSON.parse(text)) : undefined
    if (events === undefined || Result.isFailure(events)) continue
    const rewritten: Packed = events.success.map(([seq, at, before, refsBefore]) => {
      const { body, refs } = rewrite({ body: before, refs: refsBefore })
      return [seq, at, body, refs]
    })
    const { first, last, pool } = block
    const body = bodyOf(sealing, rewritten)
    const sum = checksum(Number(first), Number(last), String(pool), body)
    put.run(body, sum, Number(first))
  }
}

/** Events in one block at most, so that it is packed in some milliseconds. */
const blockEventsMax = 1_000

const prepareStatements = (database: Database) => ({
  block: database.prepare(
    `SELECT pool, body, ${isSound("event_block")} AS sound FROM event_block WHERE first = ?`,
  ),
  blocksAfter: database.prepare(
    "SELECT first FROM event_block WHERE pool = ? AND last > ? ORDER BY last",
  ),
  eventsAfter: database.prepare(
    `SELECT seq, pool, at, body, ${isSound("event")} AS sound FROM event
     WHERE pool = ? AND seq > ? ORDER BY seq`,
  ),
  newestSeq: database.prepare("SELECT max(seq) AS seq FROM event"),
  nextPool: database.prepare("SELECT min(pool) AS pool FROM event WHERE pool > ?"),
  refs: database.prepare("SELECT ref FROM event_ref WHERE seq = ?"),
  addBlock: database.prepare(
    "INSERT INTO event_block (first, last, pool, body, sum) VALUES (?, ?, ?, ?, ?)",
  ),
  addRef: database.prepare("INSERT INTO block_ref (ref, block, sum) VALUES (?, ?, ?)"),
  remove: database.prepare("DELETE FROM event WHERE seq = ?"),
  removeRefs: database.prepare("DELETE FROM event_ref WHERE seq = ?"),
})

/** The blocks that hold an event of each of these references, the newest first. */
const blocksWith = (database: Database, refs: ReadonlyArray<string>, before: number) =>
  database
    .prepare(
      `SELECT first, last FROM event_block WHERE first < ?
       ${refs.map(() => "AND first IN (SELECT block FROM block_ref WHERE ref = ?)").join(" ")}
       ORDER BY last DESC`,
    )
    .iterate(before, ...refs)

/** An event as its table has it, with its text opened. */
export const eventRowIn = (sealing: Sealing) => {
  const opened = openedIn(sealing, "event.body", "body")
  return (row: Readonly<Record<string, unknown>>): EventRow =>
    opened({
      seq: Number(row["seq"]),
      pool: String(row["pool"]),
      at: Number(row["at"]),
      body: String(row["body"]),
      sound: Number(row["sound"]),
    })
}
