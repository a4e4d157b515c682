/** Tells the admins of cells in the registry tab that cannot be read, and when that is over. */
import { Clock, Duration, Effect, Ref } from "effect"
import type { Alarm, Alarms } from "../observe/Alarms.ts"
import type { Doubt } from "./registryRows.ts"

/** Whoever is still typing the row has a minute. */
const toldAfter = Duration.seconds(45)

/** What fits into one message; the next ones are told when these are mended. */
const cellsMax = 10

interface State {
  /** When each cell was first in doubt. */
  readonly since: ReadonlyMap<string, number>
  readonly raised: Alarm | undefined
}

export const makeReport = Effect.fnUntraced(function* (alarms: Alarms["Service"]) {
  const state = yield* Ref.make<State>({ since: new Map(), raised: undefined })

  /** `doubts`: all of one look, in the order of the rows. */
  return Effect.fnUntraced(function* (
    tab: string,
    header: ReadonlyArray<string>,
    doubts: ReadonlyArray<Doubt>,
  ) {
    const now = yield* Clock.currentTimeMillis
    const { since: before, raised } = yield* Ref.get(state)
    const since = new Map(doubts.map((doubt) => [nameOf(doubt), before.get(nameOf(doubt)) ?? now]))
    const rows = doubts
      .filter((doubt) => now - (since.get(nameOf(doubt)) ?? now) >= Duration.toMillis(toldAfter))
      .slice(0, cellsMax)
      .map(({ at, column }) => ({ row: at + 1, column: (header[column] ?? "").trim() }))
    const alarm: Alarm | undefined =
      rows.length === 0 ? undefined : { _tag: "RegistryUnreadable", tab, rows }
    yield* Ref.set(state, { since, raised: alarm })
    if (JSON.stringify(alarm) === JSON.stringify(raised)) return
    if (raised !== undefined) yield* alarms.clear(raised)
    if (alarm !== undefined) yield* alarms.raise(alarm)
  })
})

const nameOf = ({ at, column }: Doubt) => `${at}/${column}`
