/** The buttons of the statistics; letters for words, because a region may take 32 bytes. */
import { Schema } from "effect"
import { Resource, ResourceId, VariantId } from "../domain/Catalogue.ts"
import { Region } from "../domain/Region.ts"
import { orAny, PageNumber } from "./ButtonFields.ts"

const kind = { resource: ResourceId, variant: orAny(VariantId) }
const subject = { ...kind, region: orAny(Region) }
const report = {
  ...subject,
  period: Schema.Literals(["d", "w", "m"]).transform(["day", "week", "month"]),
  /** All together, or told apart by regions. */
  view: Schema.Literals(["t", "r"]).transform(["total", "regions"]),
  whose: Schema.Literals(["o", "a"]).transform(["own", "all"]),
}

export const statsActions = {
  Stats: {},
  StatsGroup: { group: Resource.fields.group },
  StatsVariant: { resource: ResourceId },
  StatsRegion: { ...kind, page: PageNumber },
  StatsPeriod: subject,
  StatsReport: report,
  /** A picture in a new message. */
  StatsChart: report,
  /** Another picture in the place of one. */
  StatsChartTurn: report,
  /** The table as a file in a new message, for admins. */
  StatsCsv: report,
}

export const statsScreens = {
  Stats: "st1",
  StatsGroup: "sg1",
  StatsVariant: "sv1",
  StatsRegion: "sr1",
  StatsPeriod: "sp1",
  StatsReport: "sx1",
  StatsChart: "sc1",
  StatsChartTurn: "sd1",
  StatsCsv: "sf1",
} as const

export type StatsActionTag = keyof typeof statsScreens

export const isStatsTag = (tag: string): tag is StatsActionTag => tag in statsScreens
