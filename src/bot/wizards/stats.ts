/**
 * /stats and /statistic: the total over all resources, and the reports as a table, a picture or a
 * file, from its buttons or step by step.
 *
 * Employees see what was issued to them, and admins what was issued to anybody; a forged button
 * changes nothing about that. Where the journal cannot be read the person is told so, and is never
 * shown a number that may be wrong.
 */
import { Effect } from "effect"
import { Access } from "../../access/Access.ts"
import { Regions } from "../../access/Regions.ts"
import { CatalogueSource } from "../../config/CatalogueSource.ts"
import { findVariant, type Group, type Resource } from "../../domain/Catalogue.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import type { MessageRef } from "../../domain/Issuance.ts"
import { Chart } from "../../stats/Chart.ts"
import { type Report, Statistics } from "../../stats/Statistics.ts"
import type { Action, ActionIn, ActionOf } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { ProxyMessages } from "../ProxyMessages.ts"
import { type Press, Replies } from "../Replies.ts"
import type { Screen } from "../Screen.ts"
import { notice } from "../screens/parts.ts"
import {
  chartCaption,
  chartOf,
  countedOf,
  groupStep,
  type OverviewChoice,
  overviewScreen,
  periodStep,
  regionChoice,
  regionStep,
  type ReportChoice,
  reportScreen,
  resourceStep,
  statsFile,
  statsFileCaption,
  variantStep,
} from "../screens/stats.ts"
import { asksVariant } from "../screens/wizard.ts"
import { sendFile, Telegram } from "../Telegram.ts"
import type { TelegramError } from "../TelegramError.ts"
import { Menus } from "../Menus.ts"

type StatsAction = ActionIn<"stats">
type Reported = ActionOf<"StatsReport" | "StatsChart" | "StatsChartTurn" | "StatsCsv">

export const makeStats = Effect.gen(function* () {
  const replies = yield* Replies
  const { stale } = yield* Menus
  const statistics = yield* Statistics
  const charts = yield* Chart
  const regions = yield* Regions
  const resources = countedOf((yield* CatalogueSource).resources)
  const attachments = yield* makeStatsAttachments
  const totals = yield* makeTotals(resources)

  const ofGroup = (group: Group) => resources.filter((each) => each.group === group)

  /** The step before the first question about a resource. */
  const above = ({ group }: Resource): Action =>
    ofGroup(group).length > 1 ? { _tag: "StatsGroup", group } : { _tag: "StatsSteps" }

  const regionOf = Effect.fnUntraced(function* (
    press: Press,
    resource: Resource,
    { variant, page }: Pick<ActionOf<"StatsRegion">, "variant" | "page">,
  ) {
    const texts = yield* Wording

    const view = { resource, variant, page, regions: yield* regions.all, up: above(resource) }
    yield* replies.turn(press, regionStep(view, texts))
  })

  const variantChoice = Effect.fnUntraced(function* (press: Press, resource: Resource) {
    if (!asksVariant(resource)) return yield* stale(press)
    return yield* replies.turn(press, variantStep(resource, above(resource), yield* Wording))
  })

  /** A group with one resource in it needs no choice. */
  const group = Effect.fnUntraced(function* (press: Press, name: Group) {
    const [first, ...others] = ofGroup(name)
    if (first === undefined) return yield* stale(press)
    if (others.length > 0) {
      return yield* replies.turn(press, resourceStep(name, resources, yield* Wording))
    }
    return asksVariant(first)
      ? yield* variantChoice(press, first)
      : yield* regionOf(press, first, { variant: null, page: 0 })
  })

  const report = Effect.fnUntraced(function* (
    press: Press,
    resource: Resource,
    { _tag, ...choice }: Reported,
  ) {
    const texts = yield* Wording

    const isAdmin = press.role === "admin"
    const isForAdmins = choice.whose === "all" || _tag === "StatsCsv"
    if (isForAdmins && !isAdmin) return yield* press.alert(texts.gate.adminsOnly)
    const { variant, region, period } = choice
    const holder = choice.whose === "own" ? press.userId : null
    const found = yield* statistics.report({ resource, variant, region, period, holder })
    if (_tag === "StatsReport") {
      const screen = reportScreen(found, choice, isAdmin, texts, yield* regions.all)
      return yield* replies.turn(press, screen)
    }
    yield* press.answer()
    if (_tag === "StatsCsv") return yield* attachments.file(press.chatId, found, choice)
    const png = yield* charts.draw(chartOf(found, choice, texts))
    const place = _tag === "StatsChartTurn" ? press.message : undefined
    const caption = chartCaption(found, choice, isAdmin, texts)
    return yield* attachments.picture(press.chatId, png, caption, place)
  })

  const told = (press: Press, resource: Resource, action: Reported) =>
    report(press, resource, action).pipe(
      Effect.catchTags({
        StorageUnavailable: () => unavailable(replies, press),
        ChartFailed: Effect.fnUntraced(function* ({ cause }) {
          const texts = yield* Wording
          yield* Effect.logError("a chart was not drawn", cause)
          yield* replies.say(press.chatId, notice(texts.stats.chartFailed, texts))
        }),
      }),
    )

  const inResource = Effect.fnUntraced(function* (
    press: Press,
    resource: Resource,
    action: Exclude<
      StatsAction,
      { readonly _tag: "Stats" | "StatsAll" | "StatsRegions" | "StatsSteps" | "StatsGroup" }
    >,
  ) {
    if (action._tag === "StatsVariant") return yield* variantChoice(press, resource)
    const { variant } = action
    if (variant !== null && findVariant(resource, variant) === undefined) {
      return yield* stale(press)
    }
    switch (action._tag) {
      case "StatsRegion":
        return yield* regionOf(press, resource, action)
      case "StatsPeriod": {
        const whose = press.role === "admin" ? "all" : "own"
        return yield* replies.turn(
          press,
          periodStep(resource, { ...action, whose }, yield* Wording),
        )
      }
      default:
        return yield* told(press, resource, action)
    }
  })

  const act = Effect.fnUntraced(function* (press: Press, action: StatsAction) {
    switch (action._tag) {
      case "Stats":
      case "StatsAll":
        return yield* totals.act(press, action)
      case "StatsRegions":
        return yield* totals.chooseRegion(press, action)
      case "StatsSteps":
        return yield* replies.turn(press, groupStep(resources, yield* Wording))
      case "StatsGroup":
        return yield* group(press, action.group)
      default: {
        const resource = resources.find(({ id }) => id === action.resource)
        return resource === undefined
          ? yield* stale(press)
          : yield* inResource(press, resource, action)
      }
    }
  })

  return { open: totals.open, act }
})

/** The total over all resources, and the choice of a region for it or for a report. */
const makeTotals = Effect.fnUntraced(function* (resources: ReadonlyArray<Resource>) {
  const replies = yield* Replies
  const { stale } = yield* Menus
  const statistics = yield* Statistics
  const regions = yield* Regions
  const access = yield* Access

  /** The total over all resources; an employee sees his own. */
  const overview = Effect.fnUntraced(function* (userId: TelegramId, choice: OverviewChoice) {
    const isAdmin = (yield* access.role(userId)) === "admin"
    const { region, period, whose } = choice
    const holder = whose === "own" ? userId : null
    const found = yield* statistics.overview({ resources, region, period, holder })
    const view = { overview: found, choice, isAdmin, regions: yield* regions.all }
    return overviewScreen(view, yield* Wording)
  })

  /** What everybody sees first: today, of all people for an admin. */
  const first = Effect.fnUntraced(function* (userId: TelegramId) {
    const whose = (yield* access.role(userId)) === "admin" ? "all" : "own"
    return yield* overview(userId, { region: null, period: "day", view: "total", whose })
  })

  const open = Effect.fnUntraced(function* (userId: TelegramId, chatId: number) {
    const texts = yield* Wording
    const screen = yield* Effect.catchTag(first(userId), "StorageUnavailable", () =>
      Effect.succeed(notice(texts.stats.unavailable, texts)),
    )
    yield* replies.say(chatId, screen)
  })

  const turn = Effect.fnUntraced(function* (
    press: Press,
    { region, period, view, whose }: ActionOf<"StatsAll">,
  ) {
    if (whose === "all" && press.role !== "admin") {
      return yield* press.alert((yield* Wording).gate.adminsOnly)
    }
    const screen = yield* overview(press.userId, { region, period, view, whose })
    return yield* replies.turn(press, screen)
  })

  const act = (press: Press, action: ActionOf<"Stats" | "StatsAll">) =>
    (action._tag === "StatsAll"
      ? turn(press, action)
      : Effect.flatMap(first(press.userId), (screen) => replies.turn(press, screen))
    ).pipe(Effect.catchTag("StorageUnavailable", () => unavailable(replies, press)))

  const chooseRegion = Effect.fnUntraced(function* (
    press: Press,
    action: ActionOf<"StatsRegions">,
  ) {
    const resource = resources.find(({ id }) => id === action.resource)
    if ((resource === undefined) !== (action.resource === null)) return yield* stale(press)
    const screen = regionChoice(action, resource, yield* regions.all, yield* Wording)
    return yield* replies.turn(press, screen)
  })

  return { open, act, chooseRegion }
})

const unavailable = (replies: Replies["Service"], press: Press) =>
  Effect.flatMap(Wording, ({ stats }) => replies.alert(press, stats.unavailable))

/** Sends the picture and the file of a report. */
const makeStatsAttachments = Effect.gen(function* () {
  const replies = yield* Replies

  const telegram = yield* Telegram
  const proxyMessages = yield* ProxyMessages

  /** Replaces the picture on `place`; sends a new one where there is none or it shows goods. */
  const picture = Effect.fnUntraced(function* (
    chatId: number,
    png: Uint8Array,
    caption: Screen,
    place: MessageRef | undefined,
  ) {
    const send = Effect.asVoid(telegram.sendPhoto(chatId, png, caption))
    // A forged button may name a message with goods, and those are never drawn over.
    const isFree = place !== undefined && !(yield* proxyMessages.hasGoods(place))
    yield* (
      isFree
        ? telegram.editPhoto(place, png, caption).pipe(
            Effect.catchIf(
              ({ reason }) => reason._tag === "MessageGone",
              () => send,
            ),
          )
        : send
    ).pipe(Effect.catch(unshown(chatId)))
  })

  /** Sends the file, and says so if it may not have arrived. */
  const file = Effect.fnUntraced(function* (chatId: number, report: Report, choice: ReportChoice) {
    const texts = yield* Wording

    const caption = statsFileCaption(report, choice, texts)
    const document = statsFile(report, choice, texts)
    const failure = yield* sendFile(telegram, chatId, document, caption, texts)
    if (failure !== undefined) yield* replies.say(chatId, notice(failure, texts))
  })

  return { picture, file }
})

const unshown =
  (chatId: number) =>
  ({ reason }: TelegramError) =>
    Effect.logInfo("chart not shown").pipe(
      Effect.annotateLogs({ chat: chatId, reason: reason._tag }),
    )
