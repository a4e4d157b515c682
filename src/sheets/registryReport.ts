/** Tells the admins of cells in the registry tab that cannot be read, and when that is over. */
import { Clock, Duration, Effect, Ref } from "effect"
import type { Alarm, Alarms } from "../observe/Alarms.ts"
import type { Doubt } from "./registryRows.ts"

/** Whoever is still typing the row has a minute. */
const toldAfter = Duration.seconds(45)

/** What fits into one message; the next ones are told when these are mended. */
const cellsMax = 10

interface Known {
  readonly column: number
  /** When the cell was first in doubt. */
  readonly since: number
  readonly isTold: boolean
}

interface State {
  readonly cells: ReadonlyMap<string, Known>
  readonly raised: Alarm | undefined
}

export const makeReport = Effect.fnUntraced(function* (alarms: Alarms["Service"]) {
  const state = yield* Ref.make<State>({ cells: new Map(), raised: undefined })

  /** `doubts`: all of one look, in the order of the rows. */
  return Effect.fnUntraced(function* (
    tab: string,
    header: ReadonlyArray<string>,
    doubts: ReadonlyArray<Doubt>,
  ) {
    const now = yield* Clock.currentTimeMillis
    const { cells: before, raised } = yield* Ref.get(state)
    const cells = new Map(followed(doubts, before, now))
    const shown = doubts
      .flatMap((doubt) => ({ ...doubt, known: cells.get(nameOf(doubt)) }))
      .filter(({ known }) => now - (known?.since ?? now) >= Duration.toMillis(toldAfter))
      .slice(0, cellsMax)
    for (const { known, ...doubt } of shown) {
      if (known !== undefined) cells.set(nameOf(doubt), { ...known, isTold: true })
    }
    const rows = shown.map(({ at, column }) => ({
      row: at + 1,
      column: (header[column] ?? "").trim(),
    }))
    const alarm: Alarm | undefined =
      rows.length === 0 ? undefined : { _tag: "RegistryUnreadable", tab, rows }
    // Some are mended, or have moved: nobody needs to be told of the others once more.
    const isNews = shown.some(({ known }) => known?.isTold !== true)
    yield* Ref.set(state, { cells, raised: isNews || alarm === undefined ? alarm : raised })
    if (alarm === undefined && raised !== undefined) yield* alarms.clear(raised)
    if (alarm !== undefined && isNews) yield* alarms.raise(alarm)
  })
})

/** What is known of the cells; one that came up where another went away was moved with its row. */
const followed = (
  doubts: ReadonlyArray<Doubt>,
  before: ReadonlyMap<string, Known>,
  now: number,
): ReadonlyArray<readonly [string, Known]> => {
  const names = new Set(doubts.map(nameOf))
  const moved = [...before].flatMap(([name, known]) => (names.has(name) ? [] : [known]))
  return doubts.map((doubt) => {
    const { column } = doubt
    const index = before.has(nameOf(doubt))
      ? -1
      : moved.findIndex((known) => known.column === column)
    const known = before.get(nameOf(doubt)) ?? moved.splice(index, index < 0 ? 0 : 1)[0]
    return [nameOf(doubt), known ?? { column, since: now, isTold: false }]
  })
}

const nameOf = ({ at, column }: Doubt) => `${at}/${column}`
