/**
 * Whose row is whose in the registry tab, and what the bot learns from it. Pure.
 *
 * A row belongs to the proxy of its line, then to that of its id. Where it has the id of another
 * proxy it was hit by a write for that one, since people may move rows while the bot writes, or
 * somebody mixed rows up: then nothing in it is believed but its line, until it is put right.
 */
import { endpointKey, type Proxy, type ProxyId, type RegistryRow } from "../domain/Proxy.ts"
import { formatProxyLine } from "../domain/proxyLine.ts"
import type { Doubt, Reading, ReadRow, RegistryColumns } from "./registryRows.ts"

/** All that one look at the tab tells. */
export interface Look {
  readonly rows: ReadonlyArray<RegistryRow>
  /** Proxies in rows that could not be read. */
  readonly unreadable: ReadonlyArray<ProxyId>
}

export interface Match {
  readonly read: ReadRow
  readonly proxy: Proxy | undefined
  /** Only its line can be believed: the rest is another proxy's, or older than what is known. */
  readonly isDoubtful: boolean
}

/** What is known beside the tab. */
export interface Known {
  readonly registry: ReadonlyArray<Proxy>
  /** Whose lines were replaced lately, while the rest of the row may have been missed. */
  readonly replaced: ReadonlySet<string>
}

export const lookOf = (reading: Reading, known: Known): Look => {
  const { matches, repeated } = matched(reading, known)
  const { registry } = known
  const ids = new Set(registry.map(({ id }) => id))
  const byKey = new Map(registry.map((proxy) => [endpointKey(proxy.endpoint), proxy.id]))
  const rows = matches.map(({ read: { row }, proxy, isDoubtful }): RegistryRow => {
    if (proxy === undefined) {
      // The id of a proxy that has a row of its own: this one is a copy that somebody changed.
      return row.id !== null && ids.has(row.id) ? { ...row, id: null } : row
    }
    return { ...(isDoubtful ? asKnown(proxy, row) : row), id: proxy.id }
  })
  const told = new Set(rows.map(({ id }) => id))
  const unread = reading.unread.flatMap(({ id, key }) => [id, byKey.get(key ?? "") ?? null])
  const others = new Set([...unread, ...repeated.map(({ row }) => row.id)])
  return {
    rows,
    unreadable: [...others].flatMap((id) => (id === null || told.has(id) ? [] : [id])),
  }
}

export const isEmpty = ({ rows, unread, idOnly }: Reading): boolean =>
  rows.length + unread.length + idOnly.length === 0

/** Cells that a person should look at: what cannot be read, and lines that stand there twice. */
export const doubtsOf = (
  reading: Reading,
  columns: RegistryColumns,
  known: Known,
): ReadonlyArray<Doubt> =>
  [
    ...reading.doubts,
    ...matched(reading, known).repeated.map(({ at }) => ({ at, column: columns.line })),
  ].toSorted((a, b) => a.at - b.at)

/** The line decides, then the id, where no row has the line of that proxy. */
export const matched = (reading: Reading, { registry, replaced }: Known) => {
  const byId = new Map(registry.map((proxy) => [proxy.id, proxy]))
  const byKey = new Map(registry.map((proxy) => [endpointKey(proxy.endpoint), proxy]))
  // Of rows with one line the one with its id, which the others are copies of.
  const groups = Map.groupBy(reading.rows, ({ row }) => endpointKey(row.endpoint))
  const chosen = new Map(
    [...groups].map(([key, rows]) => {
      const id = byKey.get(key)?.id
      return [rows.find(({ row }) => row.id === id) ?? rows[0], byKey.get(key)]
    }),
  )
  const lines = [...groups.keys(), ...reading.unread.flatMap(({ key }) => key ?? [])]
  const taken = new Set(lines.flatMap((key) => byKey.get(key)?.id ?? []))
  const matches: Array<Match> = []
  const repeated: Array<ReadRow> = []
  for (const read of reading.rows) {
    const { id } = read.row
    if (!chosen.has(read)) {
      repeated.push(read)
      continue
    }
    let proxy = chosen.get(read)
    const isMixedUp = proxy !== undefined && id !== null && id !== proxy.id && byId.has(id)
    if (proxy === undefined && id !== null && !taken.has(id)) {
      proxy = byId.get(id)
      taken.add(id)
    }
    const isHalfWritten =
      proxy !== undefined &&
      replaced.has(proxy.id) &&
      formatProxyLine(read.row.endpoint) === formatProxyLine(proxy.endpoint)
    matches.push({ read, proxy, isDoubtful: isMixedUp || isHalfWritten })
  }
  return { matches, repeated }
}

export const targetsOf = ({ uses }: Pick<Proxy, "uses">) => [
  ...new Set(uses.map(({ target }) => target)),
]

const asKnown = ({ type, country, until, ...proxy }: Proxy, row: RegistryRow): RegistryRow => ({
  ...row,
  type,
  country,
  until,
  targets: targetsOf(proxy),
})
