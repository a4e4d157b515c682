/**
 * Rows of the registry tab as people wrote them: what each says, whose it is, and what the bot
 * learns from it. Pure.
 *
 * What cannot be read without guessing is left alone and reported: a line that the sheet took for a
 * number, a date that is none, a formula.
 */
import { foldName } from "../domain/identity.ts"
import { Option, Result, Schema } from "effect"
import type { Holds, Resource } from "../domain/Catalogue.ts"
import { findCountry } from "../domain/countries.ts"
import type { Day } from "../domain/Day.ts"
import {
  type Broken,
  type Endpoint,
  identityAmong,
  type Proxy,
  ProxyId,
  type ProxyType,
  type RegistryRow,
} from "../domain/Proxy.ts"
import { formatProxyLine, parseProxyLine } from "../domain/proxyLine.ts"
import { wordsOf, wordsRead } from "../domain/sheetWords.ts"
import { dayOfCell, isComputed, shownText } from "./BaseRow.ts"
import { type IssuedColumns } from "./Headers.ts"
import type { CellData } from "./SheetsClient.ts"

/** Where the columns are. A tab may lack the last two. */
export interface RegistryColumns {
  readonly line: number
  readonly type: number
  readonly country: number
  readonly until: number
  readonly id: number
  readonly used: number | null
  readonly stage: number | null
}

/** What was read of the whole tab. */
export interface Reading {
  readonly rows: ReadonlyArray<ReadRow>
  readonly unread: ReadonlyArray<UnreadRow>
  readonly doubts: ReadonlyArray<Doubt>
  /** Rows with nothing but an id: somebody cleared the rest, or the id came there by mistake. */
  readonly idOnly: ReadonlyArray<number>
}

/** A row that could be read. */
export interface ReadRow {
  /** The index of the row in the tab; the header has 0. */
  readonly at: number
  readonly row: RegistryRow
  /** The text of the line exactly as it stands there. */
  readonly line: string
  /** Names in «Использован для» that the catalogue does not know. They stay there. */
  readonly unknown: ReadonlyArray<string>
  /** What the same cell says of a proxy that does not work; "" where it says nothing of that. */
  readonly fault: string
  readonly stage: string
}

/** A row that cannot be read, with what it tells about whose it is. */
interface UnreadRow {
  readonly id: ProxyId | null
  readonly endpoint: Endpoint | undefined
}

/** A cell that a person should look at. */
export interface Doubt {
  readonly at: number
  readonly column: number
}

/** All that one look at the tab tells. */
export interface RegistryLook {
  readonly rows: ReadonlyArray<RegistryRow>
  /** The proxies whose rows could not be read. */
  readonly unreadable: ReadonlyArray<ProxyId>
}

/** What the bot knows beside the tab. */
export interface KnownProxies {
  readonly registry: ReadonlyArray<Proxy>
  /** The logins of rotating gateways, by `endpointKey`. */
  readonly gateways: ReadonlySet<string>
  /** Proxies whose line was replaced lately, while the rest of the row may have been missed. */
  readonly replaced: ReadonlySet<string>
}

/** A row and the proxy it belongs to. */
export interface Match {
  readonly read: ReadRow
  readonly proxy: Proxy | undefined
  /** Only the line can be believed: the rest is another proxy's, or older than what is known. */
  readonly isDoubtful: boolean
}

/** Fails with what should be there and no column holds. */
export const registryColumns = ({
  byHolds,
}: IssuedColumns): Result.Result<RegistryColumns, Holds> => {
  const needed = ["field:line", "field:type", "field:country", "field:until"] as const
  const missing = [...needed, "issuanceId" as const].find((holds) => !byHolds.has(holds))
  if (missing !== undefined) return Result.fail(missing)
  const [line = 0, type = 0, country = 0, until = 0] = needed.map((holds) => byHolds.get(holds))
  return Result.succeed({
    line,
    type,
    country,
    until,
    id: byHolds.get("issuanceId") ?? 0,
    used: byHolds.get("targets") ?? null,
    stage: byHolds.get("stage") ?? null,
  })
}

/** `rows`: all rows of the tab, the header first. */
export const readRegistry = (
  resource: Resource,
  columns: RegistryColumns,
  rows: ReadonlyArray<ReadonlyArray<CellData>>,
): Reading => {
  const read: Array<ReadRow> = []
  const unread: Array<UnreadRow> = []
  const doubts: Array<Doubt> = []
  const idOnly: Array<number> = []
  for (const [at, cells] of rows.entries()) {
    if (at === 0) continue
    const id = idOf(cells[columns.id])
    if (isBlank(columns, cells)) {
      if (id !== null) idOnly.push(at)
      continue
    }
    const row = readRow(resource, columns, cells, at, id)
    if (Result.isFailure(row)) {
      unread.push({ id, endpoint: endpointOf(cells[columns.line]) })
      doubts.push({ at, column: row.failure })
      continue
    }
    read.push(row.success)
    if (row.success.unknown.length > 0) doubts.push({ at, column: columns.used ?? 0 })
  }
  return { rows: read, unread, doubts, idOnly }
}

/** Whether the row has neither a line nor anything about it; its other cells are not the bot's. */
const isBlank = (columns: RegistryColumns, cells: ReadonlyArray<CellData>) =>
  [columns.line, columns.type, columns.country, columns.until].every((column) => {
    const cell = cells[column]
    return cell === undefined || (!isComputed(cell) && shown(cell) === "")
  })

/** Fails with the first column that cannot be read. */
const readRow = (
  resource: Resource,
  columns: RegistryColumns,
  cells: ReadonlyArray<CellData>,
  at: number,
  id: ProxyId | null,
): Result.Result<ReadRow, number> => {
  const computed = Object.values(columns).find((column) => {
    const cell = column === null ? undefined : cells[column]
    return cell !== undefined && isComputed(cell)
  })
  if (computed !== undefined && computed !== null) return Result.fail(computed)
  const endpoint = endpointOf(cells[columns.line])
  if (endpoint === undefined) return Result.fail(columns.line)
  const type = types.get(shown(cells[columns.type]).toLowerCase())
  if (type === undefined) return Result.fail(columns.type)
  const country = findCountry(shown(cells[columns.country]))
  if (Option.isNone(country)) return Result.fail(columns.country)
  const until = untilOf(cells[columns.until])
  if (until === undefined) return Result.fail(columns.until)
  const { targets, unknown, fault } = targetsIn(resource, textAt(cells, columns.used))
  return Result.succeed({
    at,
    row: {
      id,
      type,
      endpoint,
      country: country.value,
      until,
      targets: columns.used === null ? null : targets,
      ...(fault !== "" && { broken: true }),
    },
    line: shownText(cells[columns.line]),
    unknown,
    fault,
    stage: textAt(cells, columns.stage),
  })
}

const textAt = (cells: ReadonlyArray<CellData>, column: number | null) =>
  column === null ? "" : shown(cells[column])

const shown = (cell: CellData | undefined) => shownText(cell).trim()

const isProxyId = Schema.is(ProxyId)

const idOf = (cell: CellData | undefined) => {
  const text = shown(cell)
  return isProxyId(text) ? text : null
}

/** Reads texts only: the sheet takes `1:2:3` for a time, and then it is unknown what was typed. */
const endpointOf = (cell: CellData | undefined) =>
  Option.getOrUndefined(
    Result.getSuccess(parseProxyLine(cell?.userEnteredValue?.stringValue ?? "")),
  )

const types: ReadonlyMap<string, ProxyType> = new Map([
  ["http", "http"],
  ["socks5", "socks5"],
  ["socks", "socks5"],
])

/** Leaves out days before 2000: they come from small numbers, such as a count of days. */
const untilOf = (cell: CellData | undefined): Day | undefined => {
  const day = cell === undefined ? undefined : dayOfCell(cell)
  return day !== undefined && day >= "2000" ? day : undefined
}

/**
 * A name that reads back as that target; none where the catalogue has no name that tells it apart.
 */
export const nameOfTarget = (resource: Resource, target: string): string | undefined => {
  const label = resource.targets.find(({ id }) => id === target)?.label
  return [label?.ru, label?.en, target].find((name) => {
    const { targets, unknown } = targetsIn(resource, name ?? "")
    return targets[0] === target && targets.length + unknown.length === 1
  })
}

/** Whether people or the bot say in «Использован для» that a proxy does not work. */
const isFault = (resource: Resource, name: string) =>
  [...wordsRead(resource, "broken"), "нерабочий"].some((word) =>
    foldName(name).startsWith(foldName(word)),
  )

/** What the bot writes there: the reason stands behind the word, without a sign that divides names. */
export const faultText = (resource: Resource, { reason }: Broken): string => {
  const { broken } = wordsOf(resource)
  const plain = reason.replaceAll(divider, " ").replaceAll(/\s+/g, " ").trim()
  return plain === "" ? broken : `${broken}: ${plain}`
}

const divider = /[,;/|+\n]/g

/** The targets that the text names, the names that are unknown, and whether it says «не работает». */
const targetsIn = (resource: Resource, text: string) => {
  const all = text
    .split(divider)
    .map((name) => name.trim())
    .filter((name) => name !== "")
  const names = all.filter((name) => !isFault(resource, name))
  const found = names.map((name) => ({
    name,
    id: resource.targets.find(({ id, label }) =>
      [id, label.ru, label.en].some((one) => spelt(one) === spelt(name)),
    )?.id,
  }))
  return {
    targets: [...new Set(found.flatMap(({ id }) => (id === undefined ? [] : [id])))],
    unknown: found.flatMap(({ id, name }) => (id === undefined ? [name] : [])),
    fault: all.find((name) => isFault(resource, name)) ?? "",
  }
}

/** The name in Latin letters: «ОК» in Cyrillic looks just like OK, and people write «ВК» for VK. */
const spelt = (name: string) =>
  foldName(name).replaceAll(
    /[а-я]/g,
    (letter) => latin[letter.charCodeAt(0) - "а".charCodeAt(0)] ?? "",
  )

/** What the letters from а to я become. */
const latin = "a b v g d e zh z i y k l m n o p r s t u f h c ch sh sch  y  e yu ya".split(" ")

/** What the reading tells the registry. */
export const lookOf = (reading: Reading, known: KnownProxies): RegistryLook => {
  const { matches, repeated } = matched(reading, known)
  const { registry } = known
  const identity = identityAmong(known.gateways)
  const ids = new Set(registry.map(({ id }) => id))
  const byKey = new Map(registry.map((proxy) => [identity(proxy.endpoint), proxy.id]))
  const rows = matches.map(({ read: { row }, proxy, isDoubtful }): RegistryRow => {
    if (proxy === undefined) {
      // Where the proxy with that id has a row of its own, this one is a copy that somebody changed.
      return row.id !== null && ids.has(row.id) ? { ...row, id: null } : row
    }
    return { ...(isDoubtful ? asKnown(proxy, row) : row), id: proxy.id }
  })
  const told = new Set(rows.map(({ id }) => id))
  const unread = reading.unread.flatMap(({ id, endpoint }) => [
    id,
    (endpoint === undefined ? undefined : byKey.get(identity(endpoint))) ?? null,
  ])
  const others = new Set([...unread, ...repeated.map(({ row }) => row.id)])
  return {
    rows,
    unreadable: [...others].flatMap((id) => (id === null || told.has(id) ? [] : [id])),
  }
}

/** The row as it should be, where only its line can be believed. */
const asKnown = (
  { type, country, until, ...proxy }: Proxy,
  { id, endpoint }: RegistryRow,
): RegistryRow => ({
  id,
  type,
  endpoint,
  country,
  until,
  targets: targetsOf(proxy),
  ...(proxy.broken !== undefined && { broken: true }),
})

/** Whether the tab has no rows. */
export const isEmpty = ({ rows, unread, idOnly }: Reading): boolean =>
  rows.length + unread.length + idOnly.length === 0

/**
 * The cells that a person should look at: those that cannot be read, and lines that stand there
 * twice.
 */
export const doubtsOf = (
  reading: Reading,
  columns: RegistryColumns,
  known: KnownProxies,
): ReadonlyArray<Doubt> =>
  [
    ...reading.doubts,
    ...matched(reading, known).repeated.map(({ at }) => ({ at, column: columns.line })),
  ].toSorted((a, b) => a.at - b.at)

/**
 * Finds whose row is whose. A row belongs to the proxy with its line, or else to the one with its
 * id, if no row has the line of that proxy. A row with one proxy's line and another's id was hit by
 * a write for the other, since people may move rows while the bot writes, or somebody mixed rows
 * up: then nothing in it is believed but the line, until it is put right.
 */
export const matched = (reading: Reading, { registry, gateways, replaced }: KnownProxies) => {
  const identity = identityAmong(gateways)
  const byId = new Map(registry.map((proxy) => [proxy.id, proxy]))
  const byKey = new Map(registry.map((proxy) => [identity(proxy.endpoint), proxy]))
  // Of rows with the same line the one with the right id counts; the others are copies of it.
  const groups = Map.groupBy(reading.rows, ({ row }) => identity(row.endpoint))
  const chosen = new Map(
    [...groups].map(([key, rows]) => {
      const id = byKey.get(key)?.id
      return [rows.find(({ row }) => row.id === id) ?? rows[0], byKey.get(key)]
    }),
  )
  const unread = reading.unread.flatMap(({ endpoint }) => endpoint ?? [])
  const lines = [...groups.keys(), ...unread.map(identity)]
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

/** The targets that the proxy is used for. */
export const targetsOf = ({ uses }: Pick<Proxy, "uses">) => [
  ...new Set(uses.map(({ target }) => target)),
]
