/**
 * What a button means, and how that fits into its 64 bytes of callback data.
 *
 * Written as `<screen><version>:<field>.<field>…`. A change of the fields of a screen takes a new
 * version, so that buttons of an older bot decode to nothing instead of to something else. The
 * data comes from the client and may be forged: decoding checks the form, never the right to act.
 */
import { Option, Schema } from "effect"
import {
  Resource as CatalogueResource,
  ResourceId,
  StatusId,
  VariantId,
} from "../domain/Catalogue.ts"
import { TelegramId } from "../domain/Employee.ts"
import { IssuanceId } from "../domain/Issuance.ts"
import { CountryCode, ProxyId, ProxyType } from "../domain/Proxy.ts"
import { Region } from "../domain/Region.ts"
import { asideActions, asideScreens } from "./AsideActions.ts"
import { auditActions, auditScreens } from "./AuditActions.ts"
import { blockActions, blockScreens } from "./BlockActions.ts"
import { asText, orAny, PageNumber, Quantity, Targets } from "./ButtonFields.ts"
import { editActions, editScreens } from "./EditActions.ts"
import { employeeActions, employeeScreens } from "./EmployeeActions.ts"
import { failedActions, failedScreens } from "./FailedActions.ts"
import { Language } from "./Languages.ts"
import { oversightActions, oversightScreens } from "./OversightActions.ts"
import { statsActions, statsScreens } from "./StatsActions.ts"
import { stockActions, stockScreens } from "./StockActions.ts"

const resource = { resource: ResourceId }
const issuance = { ...resource, issuance: IssuanceId }
const targets = { ...resource, targets: Targets }
const region = { ...targets, region: Region }
const reservation = {
  proxy: ProxyId,
  generation: asText(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1e9 }))),
}
const quantity = {
  ...region,
  quantity: Quantity,
}
const person = { person: asText(TelegramId) }
/** One of the issuances that a removed person left, or all of them. */
const left = { ...person, which: Schema.Union([Schema.Literal("all"), IssuanceId]) }

/** The order of the fields is their order in the data. */
export const Action = Schema.TaggedUnion({
  Menu: {},
  Group: { group: CatalogueResource.fields.group },
  /** The first step of a resource: its targets, or its regions where it has none. */
  Resource: resource,
  /** The targets so far; each is ticked or not by a button to the same screen. */
  Targets: targets,
  Regions: { ...targets, page: PageNumber },
  Region: region,
  Quantity: quantity,
  /** `null`: the oldest item of any variant. */
  Issue: { ...quantity, variant: orAny(VariantId) },
  Mark: { ...issuance, status: StatusId },
  Undo: issuance,
  /** Show the statuses to correct to. */
  Change: issuance,
  Correct: { ...issuance, status: StatusId },
  Replace: issuance,
  Decline: issuance,
  My: {},
  ...employeeActions,
  Help: {},
  Cancel: {},
  /** Of the person who presses. */
  Language: { language: Language },
  Decide: { applicant: asText(TelegramId), decision: Schema.Literals(["approve", "refuse"]) },
  /** Takes a refusal back. */
  Reopen: { applicant: asText(TelegramId) },
  Page: {
    screen: Schema.String.check(Schema.isPattern(/^[a-z]{1,16}$/)),
    page: PageNumber,
  },
  /** Of an admin: issue only what is dated today, or anything. */
  TodayOnly: { ...resource, on: Schema.Literals(["on", "off"]) },

  /** Of admins: what the pools hold, and what becomes of it. */
  ...stockActions,
  ...oversightActions,
  ...failedActions,

  /** Adding proxies: the lines and the choices are in the person's draft. */
  ProxyAdd: {},
  ProxyType: { type: ProxyType },
  /** Back to the step where lines are sent. */
  ProxyLines: {},
  ProxyUsed: { targets: Targets },
  ProxyCountries: { page: PageNumber },
  ProxyCountry: { country: CountryCode },
  ProxyDays: { days: asText(Schema.Literals([5, 10, 15, 30])) },

  /** Getting one: all that was chosen is in the buttons. */
  ProxyTargets: { targets: Targets },
  ProxyStock: { targets: Targets },
  ProxyList: { targets: Targets, country: CountryCode, page: PageNumber },
  ProxyReserve: { targets: Targets, proxy: ProxyId },
  ProxyTake: reservation,
  ProxyCancel: reservation,
  /** Show a proxy that the person took, in a new message. */
  ProxyShow: { proxy: ProxyId },

  /** Of admins: the people of the whitelist. */
  People: { page: PageNumber },
  Person: person,
  /** Asks first; Dismiss does it. */
  AskDismiss: person,
  Dismiss: person,
  Readmit: person,
  /** What a removed person left, and what becomes of it. */
  Left: { ...person, page: PageNumber },
  LeftSettle: { ...left, how: Schema.Literals(["confirm", "aside"]) },
  /** The colleagues to choose from. */
  LeftTo: { ...left, page: PageNumber },
  LeftGive: { ...left, to: asText(TelegramId) },
  ...asideActions,
  RegionList: { page: PageNumber },
  RegionRemove: { region: Region },
  RegionReturn: { region: Region },

  /** Of admins: suspended access, and the journal. */
  ...blockActions,
  ...auditActions,

  ...statsActions,

  /** Of admins: rows that were changed by hand. */
  ...editActions,
  /** A label that does nothing. */
  Noop: {},
})
export type Action = typeof Action.Type
/** What a button of one kind carries. */
export type ActionOf<T extends Action["_tag"]> = Extract<Action, { readonly _tag: T }>

export const encodeAction = (action: Action): string => {
  const { _tag, ...fields } = encode(action)
  return `${screens[_tag]}:${Object.values(fields).join(".")}`
}

/** None for what no button of this version says. */
export const decodeAction = (data: string): Option.Option<Action> => {
  const colon = data.indexOf(":")
  const tag = tags.get(data.slice(0, Math.max(colon, 0)))
  if (tag === undefined) return Option.none()
  const names = Object.keys(Action.cases[tag].fields).filter((name) => name !== "_tag")
  const rest = data.slice(colon + 1)
  const values = rest === "" && names.length === 0 ? [] : rest.split(".")
  if (values.length !== names.length) return Option.none()
  return decode({
    _tag: tag,
    ...Object.fromEntries(names.map((name, index) => [name, values[index]])),
  }).pipe(
    // One spelling for each action: "03" is no way to say 3.
    Option.filter((action) => encodeAction(action) === data),
  )
}

const encode = Schema.encodeSync(Action)
const decode = Schema.decodeUnknownOption(Action)

type Tag = Action["_tag"]

/** Screen and version. */
const screens: { readonly [_ in Tag]: string } = {
  Menu: "me1",
  Group: "gr1",
  Resource: "re1",
  Targets: "ta1",
  Regions: "rs1",
  Region: "rg2",
  Quantity: "qu2",
  Issue: "is2",
  Mark: "ma1",
  Undo: "un1",
  Change: "ch1",
  Correct: "co1",
  Replace: "rp1",
  Decline: "dc1",
  My: "my1",
  ...employeeScreens,
  Help: "he1",
  Cancel: "ca1",
  Language: "la1",
  Decide: "ap1",
  Reopen: "ao1",
  Page: "pa2",
  TodayOnly: "td1",
  ...stockScreens,
  ...oversightScreens,
  ...failedScreens,
  ProxyAdd: "xa1",
  ProxyType: "xt1",
  ProxyLines: "xl1",
  ProxyUsed: "xu1",
  ProxyCountries: "xp1",
  ProxyCountry: "xc1",
  ProxyDays: "xd1",
  ProxyTargets: "xg1",
  ProxyStock: "xs1",
  ProxyList: "xi1",
  ProxyReserve: "xr1",
  ProxyTake: "xk1",
  ProxyCancel: "xn1",
  ProxyShow: "xw1",
  People: "wl1",
  Person: "wp1",
  AskDismiss: "wa1",
  Dismiss: "wd1",
  Readmit: "wr1",
  Left: "lf1",
  LeftSettle: "ls1",
  LeftTo: "lt1",
  LeftGive: "lg1",
  ...asideScreens,
  RegionList: "gl1",
  RegionRemove: "gx1",
  RegionReturn: "gb1",
  ...blockScreens,
  ...auditScreens,
  ...statsScreens,
  ...editScreens,
  Noop: "no1",
}

const tags = new Map(
  // Object.entries forgets the keys' type.
  Object.entries(screens).map(([tag, screen]) => [screen, tag as Tag] as const),
)
