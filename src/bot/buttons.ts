/**
 * Every button that the bot draws: its code and version, the flow that answers it, the fields that
 * it carries, and how all of that is packed into the 64 bytes that Telegram allows.
 *
 * The data of a button reads `<code><version>:<field>.<field>…`. Whoever changes the fields of a
 * button raises its version, so that a button of an older bot decodes to nothing instead of to
 * something else. The data comes from the client and may be forged: decoding checks the form, and
 * never whether the person may do it.
 */
import { Option, Record, Schema, SchemaTransformation } from "effect"
import { Resource, ResourceId, StatusId, targetsMax, VariantId } from "../domain/Catalogue.ts"
import { TelegramId } from "../domain/Employee.ts"
import { Choice, HandEdit } from "../domain/HandEdit.ts"
import { IssuanceId } from "../domain/Issuance.ts"
import { QuarantineWay } from "../domain/Item.ts"
import { CountryCode, ProxyId, ProxyType } from "../domain/Proxy.ts"
import { Region } from "../domain/Region.ts"
import { Language } from "./Languages.ts"

/** A number as the text that stands in the data. */
const asText = <S extends Schema.Codec<number, number>>(schema: S) =>
  Schema.FiniteFromString.pipe(Schema.decodeTo(schema))

/**
 * `null` stands for any of them, or for all. It is written as an empty field, which no id and no
 * region can be.
 */
const orAny = <S extends Schema.Codec<string, string>>(schema: S) =>
  Schema.String.pipe(
    Schema.decodeTo(
      Schema.NullOr(schema),
      SchemaTransformation.transform({
        decode: (text) => (text === "" ? null : text),
        encode: (value) => value ?? "",
      }),
    ),
  )

const PageNumber = asText(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 9_999 })))

/** The ticked targets as bits, in the order of the catalogue, written in base 36 to be short. */
const Targets = Schema.String.check(Schema.isPattern(/^[0-9a-z]{1,3}$/)).pipe(
  Schema.decodeTo(
    Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2 ** targetsMax - 1 })),
    SchemaTransformation.transform({
      decode: (text) => Number.parseInt(text, 36),
      encode: (bits) => bits.toString(36),
    }),
  ),
)

/** As many items as the bot hands out at once. */
const Quantity = asText(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 5 })))

/** A short digest of what the message shows, see `digestOf` in screens/lists.ts. */
const Digest = Schema.String.check(Schema.isPattern(/^[0-9a-z]{0,7}$/))
/** The stock is thrown away, or goes back to its tab. */
const Way = Schema.Literals(["clear", "release"])
/** The version of a stock, as the pools count it. */
const Version = Schema.String.check(Schema.isPattern(/^[0-9]{1,16}$/))
const TrashId = Schema.String.check(Schema.isPattern(/^[0-9A-Z]{10}$/))
/** The number of an event: those before it are shown. `0` shows the newest. */
const before = asText(
  Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
)

/** The place of a reason among those of its status. */
const ReasonAt = Schema.String.check(Schema.isPattern(/^[0-9]$/))

const resource = { resource: ResourceId }
const issuance = { ...resource, issuance: IssuanceId }
const quarantined = {
  ...resource,
  item: Schema.String.check(Schema.isPattern(/^[0-9A-Za-z-]{1,40}$/)),
}
const targets = { ...resource, targets: Targets }
const region = { ...targets, region: Region }
const quantity = { ...region, quantity: Quantity }
/** What a person may wait for. */
const wish = { ...region, variant: orAny(VariantId) }
const person = { person: asText(TelegramId) }
/** One of the items that a removed person still holds, or all of them. */
const left = { ...person, which: Schema.Union([Schema.Literal("all"), IssuanceId]) }
/** An item of which the admin sees that this person holds it. */
const taking = { ...issuance, holder: asText(TelegramId) }
const reservation = {
  proxy: ProxyId,
  generation: asText(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1e9 }))),
}
const kind = { ...resource, variant: orAny(VariantId) }
const subject = { ...kind, region: orAny(Region) }
/** Words are written as single letters here, because a region may take 32 of the 64 bytes. */
const period = Schema.Literals(["d", "w", "m"]).transform(["day", "week", "month"])
const whose = Schema.Literals(["o", "a"]).transform(["own", "all"])
/** How a report is counted: one total, or a line for each region. */
const view = Schema.Literals(["t", "r"]).transform(["total", "regions"])
const manner = { period, view, whose }
const from = Schema.Literals(["m", "w"]).transform(["my", "wait"])
const report = { ...subject, ...manner }

/**
 * Code, flow and fields of each button. The order of the fields is their order in the data.
 *
 * A flow names the part of the conversation that answers the button:
 * - `order` leads from the menu to an issue.
 * - `own` shows what belongs to the person, and the help.
 * - `goods` are the buttons under issued items.
 * - `why` asks for the reason of a status.
 * - `hand` hands an item over to a colleague, who accepts.
 * - `proxyAdd` and `proxyGet` are the two proxy wizards.
 * - `proxyHeld` is about a proxy that the person has reserved or taken.
 * - `stats` are the statistics.
 * - `admin` is answered by the admins' desk, and refused to everybody else.
 * - `applicant` is about the application of whoever presses it, who need not be let in yet.
 * - `language` chooses the language.
 * - `label` only shows a text and does nothing.
 */
const buttons = {
  Menu: ["me1", "order", {}],
  Group: ["gr1", "order", { group: Resource.fields.group }],
  /** Opens the first step of a resource: its targets, or its regions where it has none. */
  Resource: ["re1", "order", resource],
  /** Carries the targets ticked so far; a press on a target leads to the same step again. */
  Targets: ["ta1", "order", targets],
  Regions: ["rs1", "order", { ...targets, page: PageNumber }],
  Region: ["rg2", "order", region],
  Quantity: ["qu2", "order", quantity],
  /** Takes the items. A variant of `null` asks for the oldest item of any variant. */
  Issue: ["is2", "order", { ...quantity, variant: orAny(VariantId) }],
  /** An order that there was nothing for when the button was drawn: says so, or takes the items. */
  Lacking: ["lk1", "order", { ...quantity, variant: orAny(VariantId) }],
  /** Has the sheet looked at once more, and shows the step again. */
  Recheck: ["lo1", "order", { ...targets, region: orAny(Region) }],
  /** Sends a menu that begins with this order as a new message, because this one shows goods. */
  Again: ["ag1", "order", { ...wish, quantity: Quantity }],
  Cancel: ["ca1", "order", {}],

  My: ["my1", "own", {}],
  /** Lists everything that was ever issued to the person who presses it. */
  History: ["hi1", "own", { page: PageNumber }],
  /** Puts the person on the waitlist for this order. */
  Wait: ["wt1", "own", { ...wish, quantity: Quantity }],
  /** Takes the person off the waitlist; `from` says which screen is drawn afterwards. */
  Unwait: ["wu1", "own", { ...wish, from }],
  Help: ["he1", "own", {}],
  /** Opens the menu, or a batch of the person's, in a new message. */
  Page: [
    "pa2",
    "own",
    { screen: Schema.String.check(Schema.isPattern(/^[a-z]{1,16}$/)), page: PageNumber },
  ],

  Mark: ["ma1", "goods", { ...issuance, status: StatusId }],
  Undo: ["un1", "goods", issuance],
  /**
   * Gives more time to mark all open items of the batch. `seen` counts the extensions so far, so
   * that a second press gives no second one.
   */
  Extend: [
    "et1",
    "goods",
    { ...issuance, seen: asText(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 999 }))) },
  ],
  /** Shows the statuses that the mark may be corrected to. */
  Change: ["ch1", "goods", issuance],
  Correct: ["co1", "goods", { ...issuance, status: StatusId }],
  /** Shows one item of a batch whole, with its buttons; Fold shows the batch as it was. */
  Look: ["vi1", "goods", issuance],
  Fold: ["fo1", "goods", issuance],
  /** Shows the values that were hidden some hours after their marks; Fold hides them again. */
  Reveal: ["rv1", "goods", issuance],
  /** Asks before all items of a batch that wait for a mark get the timer's one; MarkRest sets it. */
  AskRest: ["ak1", "goods", issuance],
  /** `seen` is the digest of the items that the question named. */
  MarkRest: ["mr1", "goods", { ...issuance, seen: Digest }],
  /** Takes back the mark of the item, and those that were set by the same tap. */
  UndoTogether: ["ut1", "goods", issuance],
  Replace: ["rp1", "goods", issuance],
  Decline: ["dc1", "goods", issuance],
  /** Asks why the item has its status. The answer is a reason on a button, or the next message. */
  Why: ["wy1", "why", issuance],
  /** Names one of the reasons that the status offers by its place, or takes the reason back. */
  WhyIs: [
    "wi1",
    "why",
    { ...issuance, status: StatusId, reason: Schema.Union([Schema.Literal("none"), ReasonAt]) },
  ],
  WhyOff: ["wo1", "why", issuance],

  /** Lists what the person may hand over, then the colleagues; HandTo offers it to one of them. */
  Hand: ["hd1", "hand", {}],
  HandOver: ["ho1", "hand", { ...issuance, page: PageNumber }],
  /** Lists the colleagues for one item in a new message, so that the goods stay readable. */
  HandThis: ["hp1", "hand", issuance],
  /** The holder keeps the item: nobody is offered anything. */
  HandKeep: ["hk1", "hand", issuance],
  HandTo: ["ht1", "hand", { ...issuance, to: asText(TelegramId) }],
  HandOff: ["hf1", "hand", issuance],
  /** The answers of the colleague. */
  HandYes: ["hy1", "hand", issuance],
  HandNo: ["hn1", "hand", issuance],

  /** Begins to add proxies. The lines and the choices are kept in a draft, not in the buttons. */
  ProxyAdd: ["xa1", "proxyAdd", {}],
  ProxyType: ["xt1", "proxyAdd", { type: ProxyType }],
  /** Leads back to the step that waits for lines. */
  ProxyLines: ["xl1", "proxyAdd", {}],
  /** Says what lines with another password for a login that is there are. */
  ProxyAsked: ["xq1", "proxyAdd", { answer: Schema.Literals(["password", "sessions", "none"]) }],
  /** Shows the lines that were not accepted. The page stands there for the sake of older messages. */
  ProxyRefused: ["xo1", "proxyAdd", { page: PageNumber }],
  /** Forgets the lines that were not accepted. */
  ProxyForget: ["xf1", "proxyAdd", {}],
  ProxyUsed: ["xu1", "proxyAdd", { targets: Targets }],
  ProxyCountries: ["xp1", "proxyAdd", { page: PageNumber }],
  ProxyCountry: ["xc1", "proxyAdd", { country: CountryCode }],
  ProxyDays: ["xd1", "proxyAdd", { days: asText(Schema.Literals([5, 10, 15, 30])) }],

  /** Begins to get a proxy. Everything that was chosen so far is carried by the buttons. */
  ProxyTargets: ["xg1", "proxyGet", { targets: Targets }],
  ProxyStock: ["xs1", "proxyGet", { targets: Targets }],
  ProxyList: ["xi1", "proxyGet", { targets: Targets, country: CountryCode, page: PageNumber }],
  ProxyReserve: ["xr1", "proxyGet", { targets: Targets, proxy: ProxyId }],
  ProxyTake: ["xk1", "proxyHeld", reservation],
  ProxyCancel: ["xn1", "proxyHeld", reservation],
  /** Moves the end of the reservation, once. */
  ProxyExtend: ["xe1", "proxyHeld", reservation],
  /** Undoes a taking within ten minutes. */
  ProxyReturn: ["xb1", "proxyHeld", reservation],
  /** Asks why the proxy does not work; ProxyReport says it without a reason. */
  ProxyBroken: ["xz1", "proxyHeld", reservation],
  ProxyReport: ["xy1", "proxyHeld", reservation],
  ProxyWorks: ["xv1", "proxyHeld", reservation],
  /** Shows a proxy that the person has taken, in a new message. */
  ProxyShow: ["xw1", "proxyHeld", { proxy: ProxyId }],

  /** Opens the total over all resources. */
  Stats: ["st1", "stats", {}],
  /** The total over all resources, or over all of them in one region. */
  StatsAll: ["sa1", "stats", { region: orAny(Region), ...manner }],
  /** Asks for the region of a report, or of the total where no resource is named. */
  StatsRegions: [
    "so1",
    "stats",
    { resource: orAny(ResourceId), variant: orAny(VariantId), period, whose, page: PageNumber },
  ],
  /** Begins to choose a report step by step. */
  StatsSteps: ["ss1", "stats", {}],
  StatsGroup: ["sg1", "stats", { group: Resource.fields.group }],
  StatsVariant: ["sv1", "stats", resource],
  StatsRegion: ["sr1", "stats", { ...kind, page: PageNumber }],
  StatsPeriod: ["sp1", "stats", subject],
  StatsReport: ["sx1", "stats", report],
  /** Sends a picture in a new message. */
  StatsChart: ["sc1", "stats", report],
  /** Replaces the picture on the pressed message by another one. */
  StatsChartTurn: ["sd1", "stats", report],
  /** Sends the table as a file in a new message, to admins. */
  StatsCsv: ["sf1", "stats", report],

  // The stock. `seen` is the digest of what the message shows, so that an unchanged screen is not
  // drawn again; an empty `seen` has it drawn in any case.
  Stock: ["sk1", "admin", { page: PageNumber, seen: Digest }],
  Who: [
    "wh1",
    "admin",
    { view: Schema.Literals(["items", "people"]), page: PageNumber, seen: Digest },
  ],
  WhoPerson: ["wq1", "admin", { holder: asText(TelegramId), page: PageNumber, seen: Digest }],
  /** Shows an item that somebody holds, with the ways to take it; those ask for the reason. */
  Take: ["tk1", "admin", taking],
  /** Lists the colleagues who may get it; TakeGive chooses one. */
  TakeTo: ["tt1", "admin", { ...taking, page: PageNumber }],
  TakeGive: ["tg1", "admin", { ...taking, to: asText(TelegramId) }],
  TakeAside: ["tq1", "admin", taking],
  TakeMark: ["tm1", "admin", { ...taking, status: StatusId }],
  TakeOff: ["tf1", "admin", taking],
  Pauses: ["ps1", "admin", { page: PageNumber }],
  Pause: ["pz1", "admin", resource],
  Resume: ["rz1", "admin", resource],
  /** Has only items dated today issued, or items of any day. */
  TodayOnly: ["td1", "admin", { ...resource, on: Schema.Literals(["on", "off"]) }],
  /** Lists the resources whose stock may be emptied. */
  Emptyings: ["es1", "admin", { way: Way, page: PageNumber }],
  /** Shows what emptying that stock would remove. */
  EmptyingOf: ["eo1", "admin", { way: Way, ...resource }],
  /** Empties the stock, provided that it is still the one that was shown. */
  Empty: ["em1", "admin", { way: Way, ...resource, version: Version }],
  Trashes: ["tr1", "admin", { page: PageNumber }],
  Restore: ["rt1", "admin", { ...resource, trash: TrashId }],

  // Rows that Google refuses, and rows that somebody changed by hand.
  Failed: ["fl1", "admin", { page: PageNumber, seen: Digest }],
  FailedRetryAll: ["fa1", "admin", {}],
  FailedRetry: ["fr1", "admin", issuance],
  /** Shows what will be missing in the sheet, and asks; FailedDrop leaves the row out. */
  FailedAsk: ["fk1", "admin", issuance],
  FailedDrop: ["fd1", "admin", issuance],
  Unwritten: ["fu1", "admin", { page: PageNumber }],
  UnwrittenBack: ["fb1", "admin", issuance],
  /** The issuance and the digest together name the edit that was found, see domain/HandEdit.ts. */
  EditDecide: [
    "ed1",
    "admin",
    { issuance: IssuanceId, digest: HandEdit.fields.digest, choice: Choice },
  ],

  // People.
  Decide: [
    "ap1",
    "admin",
    { applicant: asText(TelegramId), decision: Schema.Literals(["approve", "refuse"]) },
  ],
  /** Takes a refusal back. */
  Reopen: ["ao1", "admin", { applicant: asText(TelegramId) }],
  /** Asks for another work nickname, which is then sent as a message. */
  AskNickname: ["an1", "admin", person],
  NicknameOff: ["ax1", "admin", person],
  People: ["wl1", "admin", { page: PageNumber }],
  Person: ["wp1", "admin", person],
  /** Asks for a confirmation; Dismiss then ends the access. */
  AskDismiss: ["wa1", "admin", person],
  Dismiss: ["wd1", "admin", person],
  Readmit: ["wr1", "admin", person],
  /** Lists the people without access whose data can be erased. */
  Forgettable: ["el1", "admin", { page: PageNumber }],
  /** Asks for a confirmation; Forget then has the data erased. */
  AskForget: ["ea1", "admin", person],
  Forget: ["ef1", "admin", person],
  /** Shows what a removed person still holds; the buttons below settle it. */
  Left: ["lf1", "admin", { ...person, page: PageNumber }],
  LeftSettle: ["ls1", "admin", { ...left, how: Schema.Literals(["confirm", "aside"]) }],
  /** Lists the colleagues who may get the items; LeftGive hands them over. */
  LeftTo: ["lt1", "admin", { ...left, page: PageNumber }],
  LeftGive: ["lg1", "admin", { ...left, to: asText(TelegramId) }],
  /** Shows what would go into quarantine, and asks; LeftSettle puts it there. */
  AsideAsk: ["qk1", "admin", left],
  /** Lists what an admin put into quarantine and can give back. */
  Asides: ["ql1", "admin", { page: PageNumber }],
  AsideBack: ["qb1", "admin", issuance],
  /** The rows that cannot be issued: all of them by tab and reason, one group, one row. */
  Quarantine: ["qa1", "admin", { page: PageNumber }],
  QuarantineGroup: ["qg1", "admin", { group: Digest, page: PageNumber }],
  QuarantineRow: ["qr1", "admin", { ...quarantined, shown: Schema.Literals(["masked", "all"]) }],
  /** Asks for another value of the column at fault, which is then sent as a message. */
  QuarantineFix: ["qf1", "admin", quarantined],
  QuarantineFixOff: ["qo1", "admin", quarantined],
  QuarantineDo: ["qd1", "admin", { ...quarantined, way: QuarantineWay }],
  /** Asks before all rows of a group are worked; QuarantineDoAll does it. */
  QuarantineAskAll: ["qs1", "admin", { group: Digest, way: QuarantineWay }],
  QuarantineDoAll: ["qx1", "admin", { group: Digest, way: QuarantineWay }],
  /** Lists what was decided within a day and can be taken back. */
  QuarantineDone: ["qw1", "admin", { page: PageNumber }],
  QuarantineUndo: ["qz1", "admin", quarantined],
  Blocks: ["bk1", "admin", { page: PageNumber }],
  /** Asks for how long the person is to be blocked. */
  AskBlock: ["ba1", "admin", person],
  /** `0` hours means a block without an end. */
  Block: ["bd1", "admin", { ...person, hours: asText(Schema.Literals([0, 1, 8, 24])) }],
  /** `on` says which screen the message shows, so that it is drawn again afterwards. */
  Unblock: ["bu1", "admin", { ...person, on: Schema.Literals(["card", "list"]) }],

  // The company.
  RegionList: ["gl1", "admin", { page: PageNumber }],
  RegionRemove: ["gx1", "admin", { region: Region }],
  RegionReturn: ["gb1", "admin", { region: Region }],
  /** Lists the regions in rows of the sheet that nobody can choose. */
  SpellingsUnknown: ["gu1", "admin", { page: PageNumber }],
  /** Asks which region a text means; SpellingMeans and SpellingAdd answer. */
  SpellingUnknown: ["gq1", "admin", { spelling: Digest, page: PageNumber }],
  SpellingMeans: ["gm1", "admin", { spelling: Digest, region: Region }],
  SpellingAdd: ["ga1", "admin", { spelling: Digest }],
  /** Lists the spellings that the bot knows; SpellingForget has it forget one. */
  Spellings: ["gs1", "admin", { page: PageNumber }],
  SpellingForget: ["gf1", "admin", { spelling: Digest }],
  Audit: ["au1", "admin", { before }],
  AuditPerson: ["aq1", "admin", { ...person, before }],
  AuditIssuance: ["ai1", "admin", { issuance: IssuanceId, before }],
  /** Asks which resource the file is about; ExportOf asks for which days. */
  Exports: ["ex1", "admin", { page: PageNumber }],
  ExportOf: ["ey1", "admin", { resource: orAny(ResourceId) }],
  /** Sends the file of that many days up to now, or of all days. */
  ExportFile: [
    "ez1",
    "admin",
    { resource: orAny(ResourceId), days: Schema.Literals(["1", "7", "30", "all"]) },
  ],
  Health: ["hl1", "admin", { seen: Digest }],
  /** Turns the message to the list of what waits for people. */
  Todo: ["to1", "admin", { seen: Digest }],
  /** Opens what the list leads to in a new message, because the list goes on changing. */
  TodoOpen: ["tp1", "admin", { what: Schema.Literals(["quarantine", "regions", "stock"]) }],

  // What an applicant may do about the open application.
  /** Asks for a better nickname; ApplicantKeep leaves it as it is. */
  ApplicantRename: ["yn1", "applicant", {}],
  ApplicantKeep: ["yk1", "applicant", {}],
  ApplicantWithdraw: ["yw1", "applicant", {}],

  /** Chooses the language of the person who presses it. */
  Language: ["la1", "language", { language: Language }],
  /** A label that does nothing. No screen has it now; messages from before still do. */
  Noop: ["no1", "label", {}],
} as const

type Buttons = typeof buttons
type Tag = keyof Buttons
export type Flow = Buttons[Tag][1]

export const Action = Schema.TaggedUnion(
  Record.map(buttons, ([, , fields]) => fields) as { [T in Tag]: Buttons[T][2] },
)
export type Action = typeof Action.Type
/** What a button of one kind carries. */
export type ActionOf<T extends Tag> = Extract<Action, { readonly _tag: T }>
/** What the buttons of a flow carry. */
export type ActionIn<F extends Flow> = ActionOf<
  { readonly [T in Tag]: Buttons[T][1] extends F ? T : never }[Tag]
>

export const flowOf = (tag: Tag): Flow => buttons[tag][1]

/** Whether the button belongs to one of these flows. */
export const isIn =
  <const F extends Flow>(...flows: ReadonlyArray<F>) =>
  (action: Action): action is ActionIn<F> =>
    flows.some((flow) => flow === flowOf(action._tag))

/** One function that answers every button, from one for each flow. */
export const byFlow =
  <A>(answers: { readonly [F in Flow]: (action: ActionIn<F>) => A }) =>
  (action: Action): A => {
    // The flow is looked up by the tag of this very action, which the type of the lookup forgets.
    const answer = answers[flowOf(action._tag)] as (action: Action) => A
    return answer(action)
  }

/**
 * Writes the data of a button as `decodeAction` reads it. The schema is not used here: a screen has a
 * dozen buttons, and the schema took longer for them than all the rest of the drawing.
 */
export const encodeAction = (action: Action): string => {
  const values: Readonly<Record<string, Value>> = action
  const { code, fields } = layouts[action._tag]
  return `${code}:${fields.map(({ name, write }) => write(values[name] ?? null)).join(".")}`
}

type Value = string | number | null

const asItIs = (value: Value) => (value === null ? "" : String(value))
const inBase36 = (value: Value) => Number(value).toString(36)
const initial = (value: Value) => asItIs(value).charAt(0)

/** How the fields are written whose text is not the value as it is. */
const written = new Map<Schema.Top, (value: Value) => string>([
  [Targets, inBase36],
  ...[period, view, whose, from].map((words) => [words, initial] as const),
])

const layouts = Record.map(buttons, ([code, , fields]) => ({
  code,
  fields: Record.toEntries<string, Schema.Top>(fields).map(([name, schema]) => ({
    name,
    write: written.get(schema) ?? asItIs,
  })),
}))

/** Gives nothing for data that no button of this version carries. */
export const decodeAction = (data: string): Option.Option<Action> => {
  const colon = data.indexOf(":")
  const tag = tags.get(data.slice(0, Math.max(colon, 0)))
  if (tag === undefined) return Option.none()
  const names = layouts[tag].fields.map(({ name }) => name)
  const rest = data.slice(colon + 1)
  const values = rest === "" && names.length === 0 ? [] : rest.split(".")
  if (values.length !== names.length) return Option.none()
  return decode({
    _tag: tag,
    ...Object.fromEntries(names.map((name, index) => [name, values[index]])),
  }).pipe(
    // Each action has one spelling: "03" is refused, although it reads as 3.
    Option.filter((action) => encodeAction(action) === data),
  )
}

const decode = Schema.decodeUnknownOption(Action)

const tags = new Map(Record.toEntries(buttons).map(([tag, [code]]): [string, Tag] => [code, tag]))
