/** The bot's conversation over the real pools and access, with Telegram and the disk in memory. */
import { Context, DateTime, Duration, Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Access } from "../../src/access/Access.ts"
import { AdminChats } from "../../src/access/AdminChats.ts"
import { Applications } from "../../src/access/Applications.ts"
import { Blocks } from "../../src/access/Blocks.ts"
import { Regions } from "../../src/access/Regions.ts"
import { type Roster, Whitelist } from "../../src/access/Whitelist.ts"
import { type Action, encodeAction } from "../../src/bot/buttons.ts"
import * as Conversation from "../../src/bot/Conversation.ts"
import { Deliveries } from "../../src/bot/Deliveries.ts"
import { Handler } from "../../src/bot/Handler.ts"
import { Languages } from "../../src/bot/Languages.ts"
import { ProxyDrafts } from "../../src/bot/ProxyDrafts.ts"
import { ProxyMessages } from "../../src/bot/ProxyMessages.ts"
import { Waitlist } from "../../src/bot/Waitlist.ts"
import { CatalogueSource } from "../../src/config/CatalogueSource.ts"
import { Settings } from "../../src/config/Settings.ts"
import { Day, formatDay } from "../../src/domain/Day.ts"
import { type profileOf, TelegramId } from "../../src/domain/Employee.ts"
import { type Item, ItemId, type Quarantined } from "../../src/domain/Item.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import { Vitals } from "../../src/observe/Vitals.ts"
import { BaseStock } from "../../src/pool/BaseStock.ts"
import { Comeback } from "../../src/pool/Comeback.ts"
import { Conservation } from "../../src/pool/Conservation.ts"
import { FailedRows } from "../../src/pool/FailedRows.ts"
import { HandEdits } from "../../src/pool/HandEdits.ts"
import { Pools } from "../../src/pool/Pools.ts"
import { Proxies } from "../../src/pool/proxies/Proxies.ts"
import { layer as rowReading } from "../../src/scheduler/rowReading.ts"
import { Chart } from "../../src/stats/Chart.ts"
import { Morning } from "../../src/stats/Morning.ts"
import { Outlook } from "../../src/stats/Outlook.ts"
import { Statistics } from "../../src/stats/Statistics.ts"
import { Journal } from "../../src/store/Journal.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import { withoutStackTraces } from "../withoutStackTraces.ts"
import * as FakeTelegram from "./FakeTelegram.ts"
import { textOf } from "./FakeTelegram.ts"

export const chief = TelegramId.make(1)
export const deputy = TelegramId.make(2)
export const anna = TelegramId.make(101)
export const boris = TelegramId.make(102)
export const vera = TelegramId.make(103)
export const stranger = TelegramId.make(900)

/** A row of a base tab of accounts that was set aside, a duplicate if nothing else is said. */
export const aBadRow = (
  name: string,
  { tab = "ВКонтакте", ...about }: Partial<Quarantined> = {},
): Quarantined => ({
  id: ItemId.make(`bad-${name}`),
  tab,
  reason: "duplicate",
  column: "Логин",
  origin: {
    tab,
    header: ["Логин", "Пароль"],
    cells: [{ value: `${name}@example.com` }, { value: `secret-${name}` }],
  },
  reported: false,
  ...about,
})

/** A row of a base tab of accounts whose region nobody can choose. */
export const aRegionRow = (name: string, region: string, tab = "ВКонтакте"): Quarantined =>
  aBadRow(name, {
    tab,
    reason: "region",
    column: "Регион",
    origin: {
      tab,
      header: ["Логин", "Пароль", "Регион"],
      cells: [{ value: `${name}@example.com` }, { value: `secret-${name}` }, { value: region }],
    },
  })

/** 22 November 2026, 12:00 in Moscow. */
export const noon = Date.UTC(2026, 10, 22, 9, 0)

/** The timer of marks. */
export const expire = { _tag: "Expire" } as const

export const zone = DateTime.zoneMakeNamedUnsafe("Europe/Moscow")

const people: Roster = {
  [anna]: { stage: "anna", is_approved: true },
  [boris]: { stage: "boris", is_approved: true },
  [vera]: { stage: "vera", is_approved: false },
}

/** What Telegram says of the sender. */
type Sent = Partial<Parameters<typeof profileOf>[0]> & { readonly languageCode?: string }

/** How the admins call themselves in Telegram. */
const firstNames = new Map([
  [chief, "Ольга"],
  [deputy, "Мария"],
])

export const anItem = (resource: string, name: string, more: Partial<Item> = {}): Item => ({
  id: ItemId.make(`claim-${name}`),
  resource,
  variant: resource === "mamba" ? "male" : null,
  key: `${name}@example.com`,
  fields: { login: `${name}@example.com`, password: `secret-${name}` },
  extras: [],
  region: null,
  day: null,
  origin: { tab: "ВКонтакте", header: [], cells: [] },
  ...more,
})

/** A number dated like this; the day is the only thing that a number is picked by. */
export const aNumber = (number: string, day: string, more: Partial<Item> = {}): Item => ({
  ...anItem("number", number),
  key: number,
  fields: { number, date: formatDay(Day.make(day)) },
  day: Day.make(day),
  origin: { tab: "Номера", header: [], cells: [] },
  ...more,
})

export interface SceneOptions {
  readonly disk?: ReturnType<typeof MemoryJournal.makeDisk>
  readonly telegram?: ReturnType<typeof FakeTelegram.make>
  readonly admins?: ReadonlyArray<TelegramId>
  readonly pendingLimit?: number
  readonly autoConfirmTimeout?: Duration.Duration
  readonly roster?: Roster
  /** Instead of one in memory. */
  readonly whitelist?: Layer.Layer<Whitelist>
  readonly regions?: Layer.Layer<Regions>
  /** The real one where it matters who has a chat with the bot. */
  readonly adminChats?: typeof AdminChats.layer | typeof AdminChats.layerTest
  readonly language?: "ru" | "en"
  /** Other settings than those above. */
  readonly settings?: Parameters<typeof Settings.layerTest>[0]
  readonly statistics?: Layer.Layer<Statistics>
  readonly charts?: typeof Chart.layerTest
  /** Instead of the one on `disk`. */
  readonly journal?: Layer.Layer<Journal>
  /** Changes what the journal does. */
  readonly bend?: (journal: Journal["Service"]) => Journal["Service"]
}

/** Lives in the test's scope. */
export const make = Effect.fnUntraced(function* ({
  disk = MemoryJournal.makeDisk(),
  telegram = FakeTelegram.make(),
  admins = [chief, deputy],
  pendingLimit = 10,
  autoConfirmTimeout = Duration.minutes(10),
  roster = people,
  whitelist = Whitelist.layerTest(roster),
  regions = Regions.layerTest("495", "812", "Крым"),
  adminChats = AdminChats.layerTest,
  language = "ru",
  settings = {},
  statistics,
  charts = Chart.layerTest,
  journal = MemoryJournal.layer(disk),
  bend = (self) => self,
}: SceneOptions = {}) {
  const bent = Layer.effect(Journal, Effect.map(Journal, bend)).pipe(Layer.provide(journal))
  const context = yield* Conversation.layer.pipe(
    Layer.provideMerge(
      Layer.mergeAll(Deliveries.layer, ProxyMessages.layer, ProxyDrafts.layer, Waitlist.layer),
    ),
    Layer.provideMerge(Languages.layer),
    Layer.provideMerge(Morning.layer),
    Layer.provideMerge(
      Layer.mergeAll(Outlook.layer, Proxies.layer, statistics ?? Statistics.layer, charts),
    ),
    Layer.provideMerge(Layer.mergeAll(Conservation.layer, HandEdits.layer, Comeback.layer)),
    Layer.provideMerge(Layer.mergeAll(Pools.layer, FailedRows.layer, BaseStock.layer, rowReading)),
    Layer.provideMerge(Applications.layer),
    Layer.provideMerge(Layer.merge(Access.layer, adminChats)),
    Layer.provideMerge(Blocks.layer),
    Layer.provideMerge(
      Layer.mergeAll(
        telegram.layer,
        Settings.layerTest({
          admins: [...admins],
          pendingLimit,
          autoConfirmTimeout,
          language,
          ...settings,
        }),
        CatalogueSource.layerTest(),
        bent,
        Alarms.layer,
        Vitals.layer,
        regions,
        whitelist,
      ),
    ),
    Layer.build,
    withoutStackTraces,
  )
  const handler = Context.get(context, Handler)
  const pools = Context.get(context, Pools)
  const proxies = Context.get(context, Proxies)
  let taps = 0

  const say = (userId: TelegramId, text: string, sent: Sent = {}) =>
    handler.handle({
      _tag: "Text",
      userId,
      chatId: userId,
      messageId: telegram.nextMessageId(),
      text,
      firstName: firstNames.get(userId) ?? "Имя",
      ...sent,
    })

  /** Gives the answers to the tap. */
  const tapData = Effect.fnUntraced(function* (
    userId: TelegramId,
    messageId: number,
    data: string,
    sent: Sent = {},
  ) {
    taps += 1
    // Unique over the restarts of a test too.
    const callbackId = `callback-${telegram.calls.length}-${taps}`
    const firstName = firstNames.get(userId) ?? "Имя"
    const tapped = { userId, chatId: userId, messageId, callbackId, data, firstName, ...sent }
    yield* handler.handle({ _tag: "Tap", ...tapped })
    return telegram.answers.filter((answer) => answer.callbackId === callbackId)
  })

  const tapAction = (userId: TelegramId, messageId: number, action: Action) =>
    tapData(userId, messageId, encodeAction(action))

  /** The newest message that has such a button, which may be marked: «VK» finds «VK · нет» too. */
  const find = (userId: TelegramId, label: string) => {
    for (const { messageId, screen } of telegram.chat(userId).toReversed()) {
      const button = screen.keyboard
        .flat()
        .find(
          ({ text }) => text.replace(/ · (нет|пауза|none|paused)$/, "") === label || text === label,
        )
      if (button?.kind === "tap") return { messageId, data: button.data }
    }
    throw new Error(`no button "${label}" in\n${read(userId).join("\n---\n")}`)
  }

  const tap = (userId: TelegramId, label: string) =>
    Effect.suspend(() => {
      const { messageId, data } = find(userId, label)
      return tapData(userId, messageId, data)
    })

  const press = Effect.fnUntraced(function* (userId: TelegramId, ...labels: ReadonlyArray<string>) {
    for (const label of labels) yield* tap(userId, label)
  })

  /** Asks for the menu, and presses these. */
  const fromMenu = Effect.fnUntraced(function* (
    userId: TelegramId,
    ...labels: ReadonlyArray<string>
  ) {
    yield* say(userId, "/menu")
    yield* press(userId, ...labels)
  })

  /** A tap that waits for the sheet, in vain. */
  const tapInVain = Effect.fnUntraced(function* (userId: TelegramId, label: string) {
    const tapping = yield* Effect.forkChild(tap(userId, label), { startImmediately: true })
    yield* TestClock.adjust("5 seconds")
    return yield* Fiber.join(tapping)
  })

  const last = (userId: TelegramId) => {
    const shown = telegram.chat(userId).at(-1)
    if (shown === undefined) throw new Error(`nothing in the chat of ${userId}`)
    return shown
  }

  const read = (userId: TelegramId) => telegram.chat(userId).map(({ screen }) => textOf(screen))

  const lastText = (userId: TelegramId) => textOf(last(userId).screen)

  let claims = 0
  /** Items may be given by their names. */
  const load = (resource: string, ...given: ReadonlyArray<string | Item>) =>
    Effect.suspend(() => {
      claims += 1
      const claim = `claim-${claims}`
      const items = given.map((item) => (typeof item === "string" ? anItem(resource, item) : item))
      return pools.tell(resource, { _tag: "Load", claim, tab: "ВКонтакте", items, quarantined: [] })
    })

  /** Rows of a base tab that cannot be issued. */
  const setAside = (resource: string, ...quarantined: ReadonlyArray<Quarantined>) =>
    Effect.suspend(() => {
      claims += 1
      const claim = `claim-${claims}`
      return pools.tell(resource, { _tag: "Load", claim, tab: "ВКонтакте", items: [], quarantined })
    })

  /** Puts all marks that wait for it into the issued tab; says which. */
  const writeMarks = Effect.fnUntraced(function* (resource: string) {
    const waiting = [...(yield* pools.buffer(resource)), ...(yield* pools.corrections(resource))]
    const rows = waiting.flatMap(({ id, mark }) => (mark === null ? [] : [{ id, mark }]))
    yield* pools.tell(resource, { _tag: "Written", rows })
    return rows.map(({ mark }) => mark.status)
  })

  return {
    context,
    telegram,
    disk,
    pools,
    proxies,
    handler,
    say,
    tap,
    tapData,
    tapAction,
    find,
    press,
    fromMenu,
    tapInVain,
    last,
    read,
    lastText,
    load,
    setAside,
    writeMarks,
  }
})
