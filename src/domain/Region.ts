/** Regions, the spellings of them that people type, and which region a text means. */
import { Schema } from "effect"
import { foldName, foldRegion } from "./identity.ts"

/** A region code: 1 to 16 letters or digits, in at most 32 bytes, because buttons carry it. */
export const Region = Schema.String.check(
  Schema.isPattern(/^[\p{L}\p{Nd}]{1,16}$/u),
  // A button has 64 bytes for all that was chosen, and rare letters take four bytes each.
  Schema.makeFilter(
    (text) => new TextEncoder().encode(text).length <= 32 || "at most 32 bytes of UTF-8",
  ),
)
export type Region = typeof Region.Type

/** A text that people type in place of a region, and the region that an admin says it means. */
export const RegionSpelling = Schema.Struct({
  spelling: Schema.NonEmptyString.check(Schema.isMaxLength(100)),
  region: Region,
})
export type RegionSpelling = typeof RegionSpelling.Type

/** Whether an admin can say what region the text means; longer texts are no spelling of one. */
export const isSpelling: (text: string) => boolean = Schema.is(RegionSpelling.fields.spelling)

/** The region that a text means; nothing where people can choose no such region. */
export type FindRegion = (text: string) => Region | undefined

/**
 * Finds regions by what people type: by their own code, in whatever width and case, and then by the
 * spellings. A spelling means nothing while people cannot choose its region.
 */
export const regionFinder = (
  regions: ReadonlyArray<Region>,
  spellings: ReadonlyArray<RegionSpelling>,
): FindRegion => {
  const exact = new Map(regions.map((region) => [foldRegion(region), region]))
  const named = new Map(
    spellings
      .filter(({ region }) => regions.includes(region))
      .map(({ spelling, region }) => [foldName(spelling), region] as const),
  )
  // The first of two regions that differ in case alone, and a region rather than a spelling.
  for (const region of regions.toReversed()) named.set(foldName(region), region)
  return (text) => exact.get(foldRegion(text)) ?? named.get(foldName(text))
}

/** The column of a base tab that says for which region alone a row is. */
export const regionColumn = { header: "Регион", aliases: ["Region"] }

export const isRegionHeader = (header: string): boolean =>
  [regionColumn.header, ...regionColumn.aliases].some((name) => foldName(name) === foldName(header))

/** Its header in a tab with these headers. */
export const regionHeaderIn = (header: ReadonlyArray<string>): string =>
  header.find(isRegionHeader)?.trim() ?? regionColumn.header
