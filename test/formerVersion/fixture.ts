/** What a former version left in test/fixtures: where it is, and copies of it to work on. */
import * as Fs from "node:fs"
import * as Path from "node:path"
import { DatabaseSync } from "node:sqlite"
import { Clock, Effect } from "effect"
import type { Demo } from "../e2e/Demo.ts"

export const fixtures = Path.join(import.meta.dirname, "..", "fixtures")

/** The former versions that have one. */
export const versions = () =>
  Fs.readdirSync(fixtures, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)

const dataOf = (version: string) => Path.join(fixtures, version, "data")

/** The committed files are only ever read: whatever opens a data directory changes it. */
export const copyData = (version: string, to: string) =>
  Fs.cpSync(dataOf(version), to, { recursive: true })

export const readJson = (version: string, name: string): unknown =>
  JSON.parse(Fs.readFileSync(Path.join(fixtures, version, name), "utf8"))

/** The events of a journal as they stand in the file, whatever this version makes of them. */
export const rawEvents = (directory: string) =>
  withDatabase(directory, (database) =>
    database
      .prepare("SELECT seq, body ->> '_tag' AS tag, body FROM event ORDER BY seq")
      .all()
      .map(({ seq, tag, body }) => ({
        seq: Number(seq),
        tag: String(tag),
        // To be compared only.
        body: JSON.parse(String(body)) as unknown,
      })),
  )

/** The snapshots of a journal, by pool, as they stand in the file. */
export const rawSnapshots = (directory: string) =>
  withDatabase(directory, (database) =>
    Object.fromEntries(
      database
        .prepare("SELECT pool, state FROM snapshot ORDER BY pool")
        .all()
        // To be compared only.
        .map(({ pool, state }) => [String(pool), JSON.parse(String(state)) as unknown]),
    ),
  )

/** How many rows of each pool are in quarantine, by the table of it. */
export const rawQuarantine = (directory: string) =>
  withDatabase(directory, (database) =>
    Object.fromEntries(
      database
        .prepare("SELECT pool, count(*) AS count FROM quarantine GROUP BY pool")
        .all()
        .map(({ pool, count }) => [String(pool), Number(count)]),
    ),
  )

/** A journal without snapshots is read from its first event on. Gives how many there were. */
export const dropSnapshots = (directory: string) =>
  withDatabase(directory, (database) =>
    Number(database.prepare("DELETE FROM snapshot").run().changes),
  )

/** Folds the write-ahead log of a killed process into the one file. */
export const compact = (directory: string) =>
  withDatabase(directory, (database) => database.exec("PRAGMA wal_checkpoint(TRUNCATE); VACUUM"))

const withDatabase = <A>(directory: string, f: (database: DatabaseSync) => A): A => {
  const database = new DatabaseSync(Path.join(directory, "journal.db"))
  try {
    return f(database)
  } finally {
    database.close()
  }
}

/** Starts a demo whose clock shows `at`: it goes on from there at the pace of the real time. */
export const startAt = async (demo: Demo, at: number) => {
  const file = demo.file(Path.join("world", "clock.json"))
  Fs.mkdirSync(Path.dirname(file), { recursive: true })
  const aheadMs = at - Effect.runSync(Clock.currentTimeMillis)
  Fs.writeFileSync(file, JSON.stringify({ aheadMs }))
  await demo.start()
}

/** What its clock shows. */
export const timeOf = async (demo: Demo) => {
  const { now } = await demo.get<{ now: string }>("/sim/clock")
  return Date.parse(now)
}
