/** English: statistics. */
import { english } from "./plural.ts"
import type { StatsTexts } from "./StatsTexts.ts"

const regions = english("region", "regions")

export const enStats = {
  title: "Statistics",
  chooseGroup: "What shall be counted?",
  chooseResource: "Choose the resource:",
  allVariants: "All",
  allRegions: "All regions",
  choosePeriod: "For how long?",
  periods: { day: "Day", week: "Week", month: "Month" },
  total: "Total",
  byRegion: "By region",
  byDay: "By day",
  own: "Mine",
  all: "Everybody",
  ownIssuances: "only what was issued to you",
  allPeople: "everybody",
  today: (day) => `Today, ${day}`,
  range: (first, last) => `From ${first} to ${last}`,
  region: "Region",
  count: "Count",
  auto: "Auto",
  autoMeaning: "Auto: marked by itself.",
  issued: "Issued",
  pending: "Unmarked",
  other: "Other",
  sum: "Total",
  noRegion: "no region",
  moreRegions: (count) => `${regions(count)} more`,
  nothing: "Nothing was issued in this time.",
  chart: "📊 Chart",
  chartFailed:
    "The chart could not be drawn. Nothing is lost: the table has the same numbers. Try again, and tell an admin if it happens twice.",
  unavailable:
    "The bot's disk does not answer, so nothing could be counted. Nothing is lost. Try again in a minute, and tell an admin if it happens twice.",
} satisfies StatsTexts
