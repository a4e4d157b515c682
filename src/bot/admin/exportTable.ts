/**
 * An issuance as a row of an exported file.
 *
 * Files are sent on and lie about, so there is no password in them, and of what tells an item
 * apart only as much as it takes to recognise it.
 */
import type { DateTime } from "effect"
import { findStatus, type Resource } from "../../domain/Catalogue.ts"
import { formatDay, formatMoment } from "../../domain/Day.ts"
import type { Cell } from "../../stats/csv.ts"
import type { Booked } from "../../store/Journal.ts"
import { cut } from "../screens/parts.ts"
import { variantName } from "../screens/wizard.ts"
import type { Texts } from "../texts/Texts.ts"

/** Rows from before the bot hold what people typed, of any length. */
const cellMax = 200

export const exportHead = ({ exports: { columns } }: Texts): ReadonlyArray<Cell> => [
  columns.issuedAt,
  columns.resource,
  columns.variant,
  columns.region,
  columns.stage,
  columns.telegramId,
  columns.status,
  columns.markedAt,
  columns.auto,
  columns.item,
  columns.day,
  columns.id,
  columns.replacementOf,
  columns.imported,
]

export const exportRow = (
  row: Booked,
  resources: ReadonlyArray<Resource>,
  zone: DateTime.TimeZone,
  texts: Texts,
): ReadonlyArray<Cell> => {
  const resource = resources.find(({ id }) => id === row.resource)
  const { yes } = texts.exports
  return [
    formatMoment(row.issuedAt, zone),
    resource === undefined ? row.resource : texts.label(resource.label),
    variantText(row.variant, resource, texts),
    row.region,
    row.stage,
    row.holder,
    statusText(row.status, resource, texts),
    row.markedAt === null ? null : formatMoment(row.markedAt, zone),
    row.auto ? yes : null,
    masked(row.key, resource),
    row.day === null ? null : formatDay(row.day),
    row.id,
    row.replacementOf,
    row.imported ? yes : null,
  ].map((cell) => (typeof cell === "string" ? cut(cell, cellMax) : cell))
}

const variantText = (variant: string | null, resource: Resource | undefined, texts: Texts) =>
  variant === null || resource?.variants.every(({ id }) => id !== variant) !== false
    ? variant
    : variantName(resource, variant, texts)

const statusText = (status: string | null, resource: Resource | undefined, texts: Texts) => {
  if (status === null) return texts.exports.pending
  const known = resource === undefined ? undefined : findStatus(resource, status)
  if (known !== undefined) return texts.label(known.label)
  return status === "withheld" ? texts.exports.withheld : status
}

/** «an…@example.com», «…4567», «so…»; nothing of what is so short that it would be most of it. */
export const masked = (key: string, resource: Resource | undefined): string => {
  const column = resource?.columns.find((each) => each.key === resource.identity)
  if (column === undefined || column.kind === "secret") return hidden
  const at = key.lastIndexOf("@")
  if (at > 0) return `${beginning(key.slice(0, at))}${key.slice(at)}`
  return /^[\d\s+()-]+$/.test(key) ? ending(key.replaceAll(/\D/g, "")) : beginning(key)
}

const hidden = "…"

const beginning = (text: string): string => {
  const signs = Array.from(text)
  return `${signs.slice(0, Math.min(2, Math.floor(signs.length / 3))).join("")}${hidden}`
}

const ending = (digits: string): string =>
  `${hidden}${digits.slice(digits.length - Math.min(4, Math.floor(digits.length / 2)))}`
