/** Examples of every button of this version, for the fixture that the next one is tested with. */
import { Schema } from "effect"
import { Action } from "../../src/bot/buttons.ts"

/** The fields of an action without the brands that decoding brings. */
type Examples = {
  readonly [Tag in Action["_tag"]]: ReadonlyArray<
    Readonly<Record<Exclude<keyof Extract<Action, { _tag: Tag }>, "_tag">, unknown>>
  >
}

const resource = "vk"
const issuance = "0A1B2C3D4E"
const row = { resource, issuance }
const proxy = "PR0XY00001"
const person = 900_000_001
/** The longest id that Telegram may give, and the most a page or a generation may be. */
const farPerson = Number.MAX_SAFE_INTEGER
const farPage = 9_999
const farGeneration = 1e9

const kind = { resource, targets: 0, region: "495", variant: null }
const otherKind = { resource: "mamba", targets: 127, region: "Москва", variant: "male" }
const orders = [
  { ...kind, quantity: 3 },
  { ...otherKind, quantity: 5 },
]

const report = { resource, variant: null, region: null, period: "day", view: "total", whose: "own" }
const reports = [
  report,
  { ...report, variant: "male", region: "495", period: "week", view: "regions", whose: "all" },
  { ...report, resource: "number", region: "Москва", period: "month" },
]

const pages = [{ page: 0 }, { page: 7 }, { page: farPage }]
const seenPages = [
  { page: 0, seen: "" },
  { page: farPage, seen: "1z141z3" },
]
const persons = [{ person }, { person: farPerson }]
const reservations = [
  { proxy, generation: 1 },
  { proxy, generation: farGeneration },
]
const takings = [
  { ...row, holder: person },
  { ...row, holder: farPerson },
]
const whichOf = [
  { person, which: "all" },
  { person: farPerson, which: issuance },
]

const ways = ["return", "issue", "drop"]
const quarantined = { resource, item: "0A1B2C3D4E5F6G7H8J9K-12" }

const examples: Examples = {
  Menu: [{}],
  Group: ["accounts", "mail", "numbers", "proxies"].map((group) => ({ group })),
  Resource: ["vk", "mamba", "ok", "gmail", "rambler", "number", "proxy"].map((each) => ({
    resource: each,
  })),
  Targets: [0, 1, 5, 35, 36, 127].map((targets) => ({ resource: "number", targets })),
  Regions: pages.map(({ page }) => ({ resource: "number", targets: 5, page })),
  Region: [
    { resource, targets: 0, region: "495" },
    { resource: "number", targets: 7, region: "Щ".repeat(16) },
  ],
  Quantity: [1, 2, 3, 4, 5].map((quantity) => ({ resource, targets: 0, region: "812", quantity })),
  Issue: orders,
  Lacking: orders,
  Recheck: [
    { resource, targets: 0, region: null },
    { resource: "number", targets: 5, region: "495" },
  ],
  Mark: ["block", "good", "defect", "working", "reset", "registered"].map((status) => ({
    ...row,
    status,
  })),
  Undo: [row],
  Extend: [
    { ...row, seen: 0 },
    { ...row, seen: 999 },
  ],
  Change: [row],
  Correct: ["good", "block"].map((status) => ({ ...row, status })),
  Look: [row],
  Fold: [row],
  Reveal: [row],
  AskRest: [row],
  MarkRest: [
    { ...row, seen: "0" },
    { ...row, seen: "1z141z3" },
  ],
  UndoTogether: [row],
  Replace: [row],
  Decline: [row],
  Why: [row],
  WhyIs: [
    { ...row, status: "block", reason: "0" },
    { resource: "number", issuance, status: "registered", reason: "none" },
  ],
  WhyOff: [row],
  Hand: [{}],
  HandOver: pages.map((each) => ({ ...row, ...each })),
  HandThis: [row],
  HandKeep: [row],
  HandTo: persons.map(({ person: to }) => ({ ...row, to })),
  HandOff: [row],
  HandYes: [row],
  HandNo: [row],
  My: [{}],
  Again: orders,
  Wait: orders,
  Unwait: [
    { ...kind, from: "my" },
    { ...otherKind, from: "wait" },
  ],
  History: pages,
  Help: [{}],
  Cancel: [{}],
  Language: [{ language: "ru" }, { language: "en" }],
  Decide: [
    { applicant: person, decision: "approve" },
    { applicant: farPerson, decision: "refuse" },
  ],
  Reopen: [{ applicant: person }],
  AskNickname: persons,
  NicknameOff: persons,
  ApplicantRename: [{}],
  ApplicantKeep: [{}],
  ApplicantWithdraw: [{}],
  Page: [
    { screen: "menu", page: 0 },
    { screen: "batch", page: 22 },
    { screen: "p".repeat(16), page: farPage },
  ],
  TodayOnly: [
    { resource: "number", on: "on" },
    { resource: "number", on: "off" },
  ],
  Stock: seenPages,
  Who: [
    { view: "items", page: 0, seen: "" },
    { view: "people", page: 3, seen: "abc123" },
  ],
  WhoPerson: [
    { holder: person, page: 0, seen: "" },
    { holder: farPerson, page: farPage, seen: "0" },
  ],
  Take: takings,
  TakeTo: takings.map((each) => ({ ...each, page: farPage })),
  TakeGive: takings.map((each) => ({ ...each, to: farPerson })),
  TakeAside: takings,
  TakeMark: takings.map((each) => ({ ...each, status: "good" })),
  TakeOff: takings,
  Pauses: pages,
  Pause: [{ resource }],
  Resume: [{ resource }],
  Emptyings: [
    { way: "clear", page: 0 },
    { way: "release", page: farPage },
  ],
  EmptyingOf: [
    { way: "clear", resource },
    { way: "release", resource },
  ],
  Empty: [
    { way: "clear", resource, version: "0" },
    { way: "release", resource, version: String(Number.MAX_SAFE_INTEGER) },
  ],
  Trashes: pages,
  Restore: [{ resource, trash: "TRASH00001" }],
  Exports: pages,
  ExportOf: [{ resource }, { resource: null }],
  ExportFile: [
    { resource, days: "1" },
    { resource, days: "7" },
    { resource, days: "30" },
    { resource: null, days: "all" },
  ],
  Health: [{ seen: "" }, { seen: "1z141z3" }],
  Todo: [{ seen: "" }, { seen: "1z141z3" }],
  TodoOpen: ["quarantine", "regions", "stock"].map((what) => ({ what })),
  Failed: seenPages,
  FailedRetryAll: [{}],
  FailedRetry: [row],
  FailedAsk: [row],
  FailedDrop: [row],
  Quarantine: pages,
  QuarantineGroup: pages.map((page) => ({ group: "1z141z3", ...page })),
  QuarantineRow: ["masked", "all"].map((shown) => ({ ...quarantined, shown })),
  QuarantineFix: [quarantined],
  QuarantineFixOff: [quarantined],
  QuarantineDo: ways.map((way) => ({ ...quarantined, way })),
  QuarantineAskAll: ways.map((way) => ({ group: "1z141z3", way })),
  QuarantineDoAll: ways.map((way) => ({ group: "1z141z3", way })),
  QuarantineDone: pages,
  QuarantineUndo: [quarantined],
  Unwritten: pages,
  UnwrittenBack: [row],
  ProxyAdd: [{}],
  ProxyType: [{ type: "http" }, { type: "socks5" }],
  ProxyLines: [{}],
  ProxyAsked: ["password", "sessions", "none"].map((answer) => ({ answer })),
  ProxyRefused: pages,
  ProxyForget: [{}],
  ProxyUsed: [{ targets: 0 }, { targets: 127 }],
  ProxyCountries: pages,
  ProxyCountry: [{ country: "DE" }, { country: "RU" }],
  ProxyDays: [5, 10, 15, 30].map((days) => ({ days })),
  ProxyTargets: [{ targets: 0 }, { targets: 127 }],
  ProxyStock: [{ targets: 1 }, { targets: 127 }],
  ProxyList: [
    { targets: 1, country: "FR", page: 0 },
    { targets: 127, country: "US", page: farPage },
  ],
  ProxyReserve: [{ targets: 127, proxy }],
  ProxyTake: reservations,
  ProxyCancel: reservations,
  ProxyExtend: reservations,
  ProxyReturn: reservations,
  ProxyBroken: reservations,
  ProxyReport: reservations,
  ProxyWorks: reservations,
  ProxyShow: [{ proxy }],
  People: pages,
  Person: persons,
  AskDismiss: persons,
  Dismiss: persons,
  Forgettable: pages,
  AskForget: persons,
  Forget: persons,
  Readmit: persons,
  Left: persons.flatMap((each) => pages.map(({ page }) => ({ ...each, page }))),
  LeftSettle: whichOf.flatMap((each) => [
    { ...each, how: "confirm" },
    { ...each, how: "aside" },
  ]),
  LeftTo: whichOf.map((each) => ({ ...each, page: 0 })),
  LeftGive: whichOf.map((each) => ({ ...each, to: person })),
  AsideAsk: whichOf,
  Asides: pages,
  AsideBack: [row],
  RegionList: pages,
  RegionRemove: [{ region: "495" }, { region: "Москва" }],
  RegionReturn: [{ region: "495" }, { region: "Москва" }],
  SpellingsUnknown: pages,
  SpellingUnknown: pages.map((page) => ({ spelling: "1z141z3", ...page })),
  SpellingMeans: ["495", "Москва"].map((region) => ({ spelling: "1z141z3", region })),
  SpellingAdd: [{ spelling: "1z141z3" }],
  Spellings: pages,
  SpellingForget: [{ spelling: "1z141z3" }],
  Blocks: pages,
  AskBlock: persons,
  Block: [0, 1, 8, 24].map((hours) => ({ person, hours })),
  Unblock: [
    { person, on: "card" },
    { person, on: "list" },
  ],
  Audit: [{ before: 0 }, { before: 12_345 }, { before: Number.MAX_SAFE_INTEGER }],
  AuditPerson: [
    { person, before: 0 },
    { person: farPerson, before: Number.MAX_SAFE_INTEGER },
  ],
  AuditIssuance: [
    { issuance, before: 0 },
    { issuance, before: 12_345 },
  ],
  Stats: [{}],
  StatsAll: [null, "495", "Москва"].flatMap((region) =>
    ["day", "month"].map((period) => ({ region, period, view: "total", whose: "own" })),
  ),
  StatsRegions: [
    { resource: null, variant: null, period: "week", whose: "all", page: 0 },
    { resource: "mamba", variant: "male", period: "day", whose: "own", page: farPage },
  ],
  StatsSteps: [{}],
  StatsGroup: [{ group: "accounts" }, { group: "numbers" }],
  StatsVariant: [{ resource: "mamba" }],
  StatsRegion: [
    { resource, variant: null, page: 0 },
    { resource: "mamba", variant: "female", page: farPage },
  ],
  StatsPeriod: [
    { resource, variant: null, region: null },
    { resource: "mamba", variant: "female", region: "495" },
  ],
  StatsReport: reports,
  StatsChart: reports,
  StatsChartTurn: reports,
  StatsCsv: reports,
  EditDecide: ["sheet", "bot", "keep"].map((choice) => ({ issuance, digest: "1kiq0v2", choice })),
  Noop: [{}],
}

const decode = Schema.decodeUnknownSync(Schema.toType(Action))

/** All of them as actions. */
export const exampleActions = (): ReadonlyArray<Action> =>
  Object.entries<ReadonlyArray<object>>(examples).flatMap(([_tag, each]) =>
    each.map((fields) => decode({ _tag, ...fields })),
  )
