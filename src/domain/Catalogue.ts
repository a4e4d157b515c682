/**
 * What a company hands out: resources, their tabs, columns, variants, statuses and colours.
 *
 * The catalogue is data. `shippedCatalogue.ts` holds the one that comes with the bot; a file
 * named by CATALOGUE_FILE replaces it, so that other things can be handed out without code.
 */
import { Schema } from "effect"
import { peoplePool } from "./PersonEvent.ts"
import { SheetWords } from "./sheetWords.ts"

/** Ids are short because buttons carry them, and a button has 64 bytes of data. */
export const ResourceId = Schema.String.check(Schema.isPattern(/^[a-z][a-z0-9]{0,9}$/))
export const VariantId = Schema.String.check(Schema.isPattern(/^[a-z][a-z0-9]{0,7}$/))
export const StatusId = Schema.String.check(Schema.isPattern(/^[a-z][a-z0-9]{0,9}$/))

const Title = Schema.String.check(Schema.isPattern(/^\S(?:.{0,98}\S)?$/u))

export const Label = Schema.Struct({ ru: Schema.NonEmptyString, en: Schema.NonEmptyString })
export type Label = typeof Label.Type

/** Other words for it that people type, in any language; case does not matter. */
const Names = Schema.optionalKey(Schema.Array(Schema.NonEmptyString))

/** A button carries the chosen targets as one small number, a bit for each. */
export const targetsMax = 12

const Share = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))
export const Colour = Schema.Struct({ red: Share, green: Share, blue: Share })
export type Colour = typeof Colour.Type

/** A button carries the number of a reason as one digit. */
const reasonsMax = 10

/** Short enough for a button, in one line as a comment is. */
const ReasonText = Schema.String.check(Schema.isPattern(/^\S(?:.{0,38}\S)?$/u))
const Reason = Schema.Struct({ ru: ReasonText, en: ReasonText })

export const Status = Schema.Struct({
  id: StatusId,
  /** The sheet spells it as `ru` does. */
  label: Label,
  /** What the status says about the item, as the end of a sentence in the help. */
  meaning: Schema.optionalKey(Label),
  /** Other words that people wrote for it before the bot; case and spaces do not matter. */
  spellings: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)),
  sign: Schema.NonEmptyString,
  /** Look of the button; clients that cannot colour buttons ignore it. */
  style: Schema.Literals(["success", "danger", "primary", "plain"]),
  /** Background of the row in the issued tab. */
  colour: Colour,
  offersReplacement: Schema.Boolean,
  /** Whether the holder is offered to say in a few words why the item has this status. */
  asksWhy: Schema.optionalKey(Schema.Boolean),
  /** The usual reasons, each a button; in the sheet they stand as `ru` has them. */
  reasons: Schema.optionalKey(Schema.Array(Reason).check(Schema.isMaxLength(reasonsMax))),
})
export type Status = typeof Status.Type

const Variant = Schema.Struct({
  id: VariantId,
  label: Label,
  names: Names,
  /** Mail only: items whose address ends in this domain are of this variant. */
  mailDomain: Schema.optionalKey(Schema.NonEmptyString),
})
type Variant = typeof Variant.Type

export const Column = Schema.Struct({
  /** Name of the field in an item. */
  key: Schema.String.check(Schema.isPattern(/^[a-z][a-zA-Z]{0,19}$/)),
  header: Title,
  /** What people call it on their screens; absent: the header, in every language. */
  label: Schema.optionalKey(Label),
  aliases: Schema.Array(Title),
  /**
   * Of several columns with this name in a base tab, the first one right of the column with that
   * header is meant. The others travel along as «Пароль (2)». Absent: such a tab waits.
   */
  after: Schema.optionalKey(Title),
  kind: Schema.Literals(["text", "secret", "phone", "date"]),
  /** A tab without a required column pauses its pool; a row without its value is quarantined. */
  required: Schema.Boolean,
}).check(
  Schema.makeFilter(
    ({ key, header, aliases, after }) =>
      after === undefined ||
      ![header, ...aliases].includes(after) ||
      `column "${key}" cannot stand after itself: "after" names another column`,
  ),
)
export type Column = typeof Column.Type

/** What a column of the issued tab holds. `field:<key>` is a column of the item. */
export const Holds = Schema.Union([
  Schema.Literals([
    "issuedAt",
    "variant",
    "region",
    "stage",
    "telegramId",
    "status",
    "markedAt",
    "comment",
    "issuanceId",
    "targets",
  ]),
  Schema.TemplateLiteral(["field:", Schema.String]),
])
export type Holds = typeof Holds.Type

export const IssuedColumn = Schema.Struct({
  holds: Holds,
  header: Title,
  aliases: Schema.Array(Title),
})
export type IssuedColumn = typeof IssuedColumn.Type

export const BaseTab = Schema.Struct({
  title: Title,
  /** Variant of every row of the tab; `null` where the tab says nothing about it. */
  variant: Schema.NullOr(VariantId),
})
export type BaseTab = typeof BaseTab.Type

export const Resource = Schema.Struct({
  id: ResourceId,
  /** Place in the menu. */
  group: Schema.Literals(["accounts", "mail", "numbers", "proxies"]),
  label: Label,
  names: Names,
  /** Tabs in SPREADSHEET_ACCOUNTS that items are claimed from; none for proxies. */
  baseTabs: Schema.Array(BaseTab),
  columns: Schema.Array(Column),
  /** Key of the column that tells two items apart. */
  identity: Schema.String,
  variants: Schema.Array(Variant),
  /** Header of the variant in texts («Пол», «Тип»); `null` where variants are not asked for. */
  variantQuestion: Schema.NullOr(Label),
  /** Text of the choice "any variant". */
  anyVariant: Label,
  /** What the item may be used for, as a multi-select; empty where that is not asked. */
  targets: Schema.Array(Schema.Struct({ id: VariantId, label: Label })).check(
    Schema.isMaxLength(targetsMax),
  ),
  /**
   * Items are meant for the day in their date column: in today-only mode no others are issued,
   * and older ones go back to their tab.
   */
  dayBound: Schema.optionalKey(Schema.Boolean),
  /** Admins are told when fewer are left, in stock and in the tabs together; 0 means never. */
  lowStock: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
  /** Tab in SPREADSHEET_ISSUED. */
  issuedTab: Title,
  issuedColumns: Schema.Array(IssuedColumn),
  statuses: Schema.Array(Status),
  /** The timer gives this status when the holder says nothing; `null` where nobody is asked. */
  autoStatus: Schema.NullOr(StatusId),
  /** The words of the catalogue where the resource has none of its own. */
  sheetWords: Schema.optionalKey(SheetWords),
}).check(
  Schema.makeFilter((resource) => {
    const keys = resource.columns.map(({ key }) => key)
    const variants = resource.variants.map(({ id }) => id)
    const statuses = resource.statuses.map(({ id }) => id)
    if (!keys.includes(resource.identity)) return `identity "${resource.identity}" is no column`
    const tab = resource.baseTabs.find(({ variant }) => variant && !variants.includes(variant))
    if (tab) return `tab "${tab.title}" names an unknown variant`
    if (resource.autoStatus !== null && !statuses.includes(resource.autoStatus)) {
      return `autoStatus "${resource.autoStatus}" is no status`
    }
    const isDated = resource.columns.some(({ kind, required }) => kind === "date" && required)
    if (resource.dayBound === true && !isDated) return "dayBound needs a required date column"
    const lack = isRegistry(resource) ? lackOfRegistry(resource) : undefined
    if (lack !== undefined) return lack
    const targets = resource.targets.map(({ id }) => id)
    const spellings = resource.statuses.flatMap((status) => status.spellings ?? [])
    const repeated = [keys, variants, statuses, spellings, targets].flatMap(repeats)
    return repeated.length === 0 || `used twice: ${repeated.join(", ")}`
  }),
)
export type Resource = typeof Resource.Type

export const Catalogue = Schema.Struct({
  resources: Schema.NonEmptyArray(Resource),
  /** What the bot puts into the sheets by itself, in the language of the company. */
  sheetWords: Schema.optionalKey(SheetWords),
}).check(
  Schema.makeFilter(({ resources }) => {
    const repeated = [
      ...repeats(resources.map(({ id }) => id)),
      ...repeats(resources.flatMap(({ baseTabs }) => baseTabs.map(({ title }) => title))),
      ...repeats(resources.map(({ issuedTab }) => issuedTab)),
      ...repeats(resources.flatMap(({ names = [] }) => names.map((name) => name.toLowerCase()))),
    ]
    if (resources.some(({ id }) => id === peoplePool)) return `the id "${peoplePool}" is taken`
    if (resources.filter(isRegistry).length > 1) return "there can be one registry of proxies only"
    return repeated.length === 0 || `used by two resources: ${repeated.join(", ")}`
  }),
)
export type Catalogue = typeof Catalogue.Type

export type Group = Resource["group"]

/**
 * Whether the resource is the registry of proxies that people hand on to each other, see Proxy.ts.
 * Proxies that come from base tabs are items like any other.
 */
export const isRegistry = ({ group, baseTabs }: Pick<Resource, "group" | "baseTabs">): boolean =>
  group === "proxies" && baseTabs.length === 0

/** Whether people can ask for it. Only the registry of proxies needs no tab that items come from. */
export const isOffered = ({ group, baseTabs }: Pick<Resource, "group" | "baseTabs">): boolean =>
  group === "proxies" || baseTabs.length > 0

/** The columns where the bot looks for the day of an item; the first that holds a day counts. */
export const dayColumns = ({ columns, dayBound }: Resource): ReadonlyArray<Column> => {
  const dates = columns.filter(({ kind }) => kind === "date")
  return dayBound === true ? dates.filter(({ required }) => required).slice(0, 1) : dates
}

export const findStatus = (resource: Resource, id: string) =>
  resource.statuses.find((status) => status.id === id)

export const findVariant = (resource: Resource, id: string) =>
  resource.variants.find((variant) => variant.id === id)

/** Keys of the columns that a registry of proxies cannot do without. */
const registryKeys = ["line", "type", "country", "until"] as const

type RegistryParts = Pick<Resource, "columns" | "issuedColumns" | "targets">

/**
 * What a registry of proxies lacks. Without it the bot could neither write proxies nor offer them,
 * and nobody would learn why.
 */
const lackOfRegistry = ({ columns, issuedColumns, targets }: RegistryParts) => {
  if (targets.length === 0) return "a registry of proxies needs targets"
  const key = registryKeys.find((one) => !columns.some((each) => each.key === one && each.required))
  if (key !== undefined) return `a registry of proxies needs a required column "${key}"`
  const needed = [...registryKeys.map((one) => `field:${one}`), "issuanceId", "targets"]
  const holds = needed.find((one) => !issuedColumns.some((each) => each.holds === one))
  return holds === undefined ? undefined : `a registry of proxies needs a column for "${holds}"`
}

const repeats = (names: ReadonlyArray<string>) =>
  names.filter((name, index) => names.indexOf(name) !== index)
