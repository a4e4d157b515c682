/**
 * /health: how the bot itself is, and how much waits for people. What is wrong stands first, in
 * words, and no secret stands anywhere.
 *
 * Everything comes from memory, so that it can be asked while Google or the disk is down.
 */
import { Duration, Effect, Option } from "effect"
import { heartbeatFresh, pollFresh, unwrittenLate } from "../../config/Limits.ts"
import { Settings, version } from "../../config/Settings.ts"
import { type Alarm, Alarms } from "../../observe/Alarms.ts"
import { isFailing, type Pulse, Vitals, type WriteWait } from "../../observe/Vitals.ts"
import { Conservation, sumOf } from "../../pool/Conservation.ts"
import { Pools } from "../../pool/Pools.ts"
import type { ActionOf } from "../buttons.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, type Html, html, joinHtml, type Screen } from "../Screen.ts"
import { digestOf, type Scenery, sceneryNow, sinceText } from "../screens/lists.ts"
import { cut, lines, menuBelow, tap } from "../screens/parts.ts"
import type { Area, Asked } from "./Admins.ts"
import { ageText } from "./Directory.ts"
import { isTodo, standingTodos, type Todo, todoShort } from "./todo.ts"

/** How much waits for something, and since when the first of it does. */
interface Waiting {
  readonly count: number
  readonly oldest: number | null
}

export interface HealthView {
  readonly version: string
  readonly startedAt: number
  /** Troubles of the bot itself. */
  readonly alarms: ReadonlyArray<Alarm>
  /** Work that waits for people; the bot itself may be well. */
  readonly todos: ReadonlyArray<Todo>
  readonly journal: Pulse
  readonly telegram: Pulse
  readonly heartbeat: Pulse
  /** Two of them, or one where stock and issued are the same spreadsheet. */
  readonly sheets: ReadonlyArray<{
    readonly is: "stock" | "issued" | "both"
    readonly pulse: Pulse
    /** Why the writes to the spreadsheet wait. */
    readonly wait: WriteWait | null
    /** How many rows wait to be written to it. */
    readonly rows: number
  }>
  readonly sheetsPausedUntil: number | null
  /** How many other updates than this question are being handled; `null`: not known. */
  readonly updates: number | null
  readonly unwritten: Waiting
  readonly pending: Waiting
  readonly undelivered: Waiting
  /** When the newest backup was made; 0 where there is none yet, `null` where none are made. */
  readonly backupAt: number | null
  /** The last completed count of the books; `null` before the first since the start. */
  readonly books: { readonly at: number; readonly items: number; readonly adrift: number } | null
}

export const makeHealth = Effect.gen(function* () {
  const replies = yield* Replies
  const pools = yield* Pools
  const alarms = yield* Alarms
  const vitals = yield* Vitals
  const conservation = yield* Conservation
  const standing = yield* standingTodos
  const settings = yield* Settings
  const { timezone: zone, spreadsheetAccounts, spreadsheetIssued } = settings

  const spreadsheets: ReadonlyArray<readonly [HealthView["sheets"][number]["is"], string]> =
    spreadsheetAccounts === spreadsheetIssued
      ? [["both", spreadsheetAccounts]]
      : [
          ["stock", spreadsheetAccounts],
          ["issued", spreadsheetIssued],
        ]
  const ofAll = <A>(read: (resource: string) => Effect.Effect<ReadonlyArray<A>>) =>
    Effect.map(
      Effect.forEach(pools.resources, ({ id }) => read(id)),
      (each) => each.flat(),
    )

  const sheetsWith = Effect.fnUntraced(function* (marked: number) {
    const returning = (yield* ofAll(pools.returning)).length
    const rows = { stock: returning, issued: marked, both: returning + marked }
    return yield* Effect.forEach(spreadsheets, ([is, id]) =>
      Effect.all({
        is: Effect.succeed(is),
        pulse: vitals.pulse(`sheets:${id}`),
        wait: vitals.writeWait(id),
        rows: Effect.succeed(rows[is]),
      }),
    )
  })

  const look = Effect.gen(function* () {
    const marked = [...(yield* ofAll(pools.buffer)), ...(yield* ofAll(pools.corrections))]
    const updates = yield* vitals.gauge("updates")
    const view: HealthView = {
      version,
      startedAt: yield* vitals.startedAt,
      alarms: (yield* alarms.raised).filter((alarm) => !isTodo(alarm)),
      todos: yield* standing,
      journal: yield* vitals.pulse("journal"),
      telegram: yield* vitals.pulse("telegram"),
      heartbeat: yield* vitals.pulse("heartbeat"),
      sheets: yield* sheetsWith(marked.length),
      sheetsPausedUntil: yield* vitals.gauge("sheetsPausedUntil"),
      updates: updates === null ? null : Math.max(updates - 1, 0),
      unwritten: waiting(marked.map(({ mark, issuedAt }) => mark?.at ?? issuedAt)),
      pending: waiting((yield* pools.holders).map(({ issuedAt }) => issuedAt)),
      books: Option.getOrNull(
        Option.map(yield* conservation.last, (checked) => ({ at: checked.at, ...sumOf(checked) })),
      ),
      backupAt: yield* vitals.gauge("backupAt"),
      undelivered: waiting((yield* ofAll(pools.undelivered)).map(({ request }) => request.at)),
    }
    return view
  })

  const draw = Effect.gen(function* () {
    return healthScreen(yield* look, yield* sceneryNow(zone))
  })

  const open = Effect.fnUntraced(function* ({ chatId }: Asked) {
    yield* replies.say(chatId, yield* draw)
  })

  const again = Effect.fnUntraced(function* (press: Press, { seen }: ActionOf<"Health">) {
    yield* replies.refresh(press, seen, yield* draw)
  })

  const area: Area = { commands: { health: open }, buttons: { Health: again } }
  return area
})

const waiting = (times: ReadonlyArray<number>): Waiting => ({
  count: times.length,
  oldest: times.length === 0 ? null : Math.min(...times),
})

/** More alarms are only counted: the admins have each of them as a message already. */
const alarmsShown = 6
const alarmMax = 400
const todosShown = 10

export const healthScreen = (view: HealthView, scenery: Scenery): Screen => {
  const { texts } = scenery
  const words = texts.health
  const problems = problemsOf(view, scenery)
  const { todos } = view
  const well = todos.length === 0 ? words.well : words.todo(todos.length)
  const [headline = well, ...others] = problems
  const alarms = view.alarms.slice(0, alarmsShown)
  const text = lines(
    bold(headline),
    ...others.map((problem) => html`${problem}`),
    ...alarms.map((alarm) => html`${cut(texts.admin.alarm(alarm), alarmMax)}`),
    view.alarms.length > alarms.length
      ? html`${words.moreAlarms(view.alarms.length - alarms.length)}`
      : undefined,
    problems.length > 0 && todos.length > 0 ? html`${texts.todo.title(todos.length)}` : undefined,
    ...todos.slice(0, todosShown).map((todo) => html`• ${todoShort(todo, texts)}`),
    todos.length > todosShown ? html`${texts.todo.more(todos.length - todosShown)}` : undefined,
    html``,
    ...detailsOf(view, scenery),
  )
  return {
    html: text,
    keyboard: [
      ...(todos.length > 0
        ? [[tap(texts.todo.title(todos.length), { _tag: "Todo", seen: "" })]]
        : []),
      [tap(texts.stock.refresh, { _tag: "Health", seen: digestOf(text) })],
      menuBelow(texts),
    ],
  }
}

/** What is wrong, the worst first. */
const problemsOf = (view: HealthView, { now, texts }: Scenery): ReadonlyArray<string> => {
  const words = texts.health
  const isLate = (since: number, after: Duration.Duration) =>
    now - since >= Duration.toMillis(after)
  const refuses = view.alarms.some(({ _tag }) => _tag === "StorageUnavailable")
  const polledAt = view.telegram.workedAt ?? view.startedAt
  const { oldest } = view.unwritten
  // A heartbeat that never came counts from the start of the bot.
  const beatAt = view.heartbeat.workedAt ?? view.startedAt
  return [
    ...(refuses || isFailing(view.journal) ? [words.diskRefuses] : []),
    ...(isLate(polledAt, pollFresh) ? [words.telegramSilent(ageText(polledAt, now, texts))] : []),
    ...(view.alarms.length > 0 ? [words.alarms(view.alarms.length)] : []),
    ...(oldest !== null && isLate(oldest, unwrittenLate)
      ? [words.late(ageText(oldest, now, texts))]
      : []),
    ...(isLate(beatAt, heartbeatFresh) ? [words.noHeartbeat] : []),
  ]
}

const detailsOf = (view: HealthView, scenery: Scenery): ReadonlyArray<Html | undefined> => {
  const words = scenery.texts.health
  const { now, texts } = scenery
  const since = sinceText(view.startedAt, scenery)
  const paused = view.sheetsPausedUntil ?? 0
  const sheetNames = {
    stock: words.stockSheet,
    issued: words.issuedSheet,
    both: words.bothSheets,
  }
  return [
    html`${words.running(since, ageText(view.startedAt, now, texts), view.version)}`,
    pulseText(words.journal, view.journal, scenery),
    pulseText(words.telegram, view.telegram, scenery),
    view.updates === null ? undefined : html`${words.updates(view.updates)}`,
    ...view.sheets.flatMap(({ is, pulse, wait, rows }) => [
      pulseText(sheetNames[is], pulse, scenery),
      wait === null
        ? undefined
        : html`${words.writesWait(words.waitsFor[wait.on], sinceText(wait.since, scenery), rows)}`,
    ]),
    paused > now ? html`${words.paused(sinceText(paused, scenery))}` : undefined,
    waitingText(words.unwritten, view.unwritten, scenery),
    waitingText(words.pending, view.pending, scenery),
    waitingText(words.undelivered, view.undelivered, scenery),
    pulseText(words.heartbeat, view.heartbeat, scenery),
    view.backupAt === null
      ? undefined
      : html`${view.backupAt === 0 ? words.noBackup : words.backup(sinceText(view.backupAt, scenery))}`,
    view.books === null
      ? undefined
      : html`${words.books(sinceText(view.books.at, scenery), view.books.items, view.books.adrift)}`,
  ]
}

const pulseText = (
  name: string,
  { workedAt, failedAt, failure }: Pulse,
  scenery: Scenery,
): Html => {
  const words = scenery.texts.health
  const worked =
    workedAt === null ? words.neverWorked(name) : words.worked(name, sinceText(workedAt, scenery))
  if (failedAt === null || failure === null) return html`${worked}`
  const failed = words.failed(sinceText(failedAt, scenery), words.failures[failure])
  return joinHtml([html`${worked}`, html`${failed}`], "; ")
}

const waitingText = (
  text: (count: number) => string,
  { count, oldest }: Waiting,
  { now, texts }: Scenery,
): Html =>
  oldest === null
    ? html`${text(count)}`
    : html`${text(count)}, ${texts.health.oldest(ageText(oldest, now, texts))}`
