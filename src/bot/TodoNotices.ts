/**
 * Keeps one message for every admin with the list of what waits for people.
 *
 * The message is edited while things come and go: what is done is struck off. It is sent anew, which
 * is heard, only for what its reader has not heard of, and at most once an hour. A list that reached
 * no admin is tried again every minute. After a restart the list comes anew where it has news, and
 * the message from before it is found by what the journal keeps of it.
 */
import { Duration, Effect, Layer, Option, PubSub, Schema, Semaphore } from "effect"
import { Access } from "../access/Access.ts"
import type { TelegramId } from "../domain/Employee.ts"
import { MessageRef } from "../domain/Issuance.ts"
import type { ItemId } from "../domain/Item.ts"
import { Alarms } from "../observe/Alarms.ts"
import { every, supervise } from "../observe/background.ts"
import { elapsed } from "../observe/elapsed.ts"
import { Pools } from "../pool/Pools.ts"
import { Journal } from "../store/Journal.ts"
import { TellAdmins } from "./admin/TellAdmins.ts"
import {
  asideReasons,
  isNews,
  isTodo,
  standingTodos,
  type Todo,
  todoKey,
  todoScreen,
  type TodoView,
} from "./admin/todo.ts"
import { Languages } from "./Languages.ts"
import type { Screen } from "./Screen.ts"
import { sentence } from "./screens/parts.ts"

export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const pools = yield* Pools
    const alarms = yield* Alarms
    const round = yield* makeRound
    const events = yield* pools.events
    const changes = yield* PubSub.subscribe(alarms.changes)

    const counts = new Map<string, Readonly<Record<string, number>>>()
    /** Whether rows of that pool were set aside or settled since it was asked last. */
    const hasChanged = Effect.fnUntraced(function* (resource: string) {
      const [now, before] = [yield* pools.setAside(resource), counts.get(resource)]
      counts.set(resource, now)
      return now !== before
    })

    /** Waits for something that changes the list, and a moment longer, since it rarely comes alone. */
    const gathered = <A>(
      source: PubSub.Subscription<A>,
      matters: (change: A) => Effect.Effect<boolean>,
    ) =>
      Effect.gen(function* () {
        if (!(yield* matters(yield* PubSub.take(source)))) return
        yield* Effect.sleep(gatherFor)
        yield* PubSub.takeUpTo(source, Number.POSITIVE_INFINITY)
        yield* round
      })

    yield* gathered(events, ({ resource }) => hasChanged(resource)).pipe(supervise("list of rows"))
    yield* gathered(changes, ({ alarm }) => Effect.succeed(isTodo(alarm))).pipe(
      supervise("list of alarms"),
    )
    yield* every("list of what waits", retellPeriod)(round)
  }),
)

/** How long a change waits for others. */
const gatherFor = Duration.seconds(1)

/** How often the list is looked at where nothing is known to have changed. */
const retellPeriod = Duration.minutes(1)

/** At most so often an admin hears of the list. */
const heardEvery = Duration.hours(1)

/** For so long after it came the list is still before its reader's eyes while it grows. */
const settlesFor = Duration.minutes(2)

/**
 * The bot gathers everything that it finds within this time after a start into one message. Rows that
 * somebody may still be typing come last, after a quarter of an hour and the next count, which a clock
 * that leaps makes later.
 */
const startFindsFor = Duration.minutes(35)

type Todos = ReadonlyMap<string, Todo>

/** The list as one admin knows it. */
interface Told {
  /** The items of the list that the admin was told of, as they were then. */
  readonly heard: Todos
  /** The message with the list; none before the first, and where he has deleted it. */
  readonly card: Card | undefined
}

interface Card {
  readonly message: MessageRef
  /** When it was sent; see observe/elapsed.ts. */
  readonly at: number
  /** The text and the buttons that it shows. */
  readonly shows: string
  /** All that it has named so far. */
  readonly named: Todos
}

const makeRound = Effect.gen(function* () {
  const { admins } = yield* Access
  const pools = yield* Pools
  const standing = yield* standingTodos
  const reasonsNow = yield* asideReasons
  const tellOne = yield* makeTellOne
  const oneAtATime = yield* Semaphore.make(1)

  /** The rows that no admin was told of yet, by resource. */
  const untold = Effect.forEach(pools.resources, ({ id: resource }) =>
    Effect.map(pools.unreported(resource), (rows) => ({ resource, rows })),
  )

  // The rows that were told of before this start are no news.
  const before = asMap((yield* standing).flatMap((todo) => (todo._tag === "Aside" ? [todo] : [])))
  const fresh = (yield* untold).flatMap(({ resource, rows }) =>
    rows.map(({ tab }) => todoKey({ _tag: "Aside", resource, tab, rows: 1 })),
  )
  const known = new Map(
    [...before].flatMap(([key, todo]) => {
      const rows = todo.rows - fresh.filter((each) => each === key).length
      return rows > 0 ? [[key, { ...todo, rows }] as const] : []
    }),
  )
  const told = new Map<TelegramId, Told>(
    admins.map((admin) => [admin, { heard: known, card: undefined }]),
  )

  const report = Effect.fnUntraced(function* (resource: string, ids: ReadonlyArray<ItemId>) {
    if (ids.length > 0) yield* pools.tell(resource, { _tag: "QuarantineReported", ids })
  })

  return Effect.gen(function* () {
    // Read before the list, so that the list has all of these rows.
    const rows = yield* untold
    const todos = yield* standing
    const reasons = todos.some(({ _tag }) => _tag === "Aside") ? yield* reasonsNow : []
    let hasArrived = false
    for (const admin of admins) {
      const now = yield* tellOne(admin, told.get(admin) ?? { heard: known, card: undefined }, {
        todos,
        reasons,
      })
      told.set(admin, now.told)
      hasArrived ||= now.isUpToDate
    }
    if (!hasArrived) return
    yield* Effect.forEach(
      rows,
      (each) =>
        report(
          each.resource,
          each.rows.map(({ id }) => id),
        ),
      { discard: true },
    )
  }).pipe(
    oneAtATime.withPermit,
    Effect.catchTag("StorageUnavailable", ({ message }) =>
      Effect.logWarning("that admins were told of rows is not noted", message),
    ),
  )
})

/** Brings the list of one admin up to date; says whether he has it as it is now. */
const makeTellOne = Effect.gen(function* () {
  const languages = yield* Languages
  const journal = yield* Journal
  const { tell: tellAdmins, redrawn, redraw } = yield* TellAdmins
  const startedAt = yield* elapsed
  /** The message of each admin that was sent last, also by an earlier process. */
  const last = new Map(
    (yield* journal.documents(kind)).flatMap(({ body }) =>
      Option.toArray(decode(body)).map((message) => [message.chatId, message] as const),
    ),
  )

  /** Makes the message before this one short, and keeps in mind that this one is there. */
  const replace = Effect.fnUntraced(function* (message: MessageRef) {
    const former = last.get(message.chatId)
    last.set(message.chatId, message)
    if (former !== undefined) yield* redraw(former, ({ todo }) => sentence(todo.moved))
    const key = String(message.chatId)
    // At worst a restart leaves the message as it stands.
    yield* Effect.ignore(journal.write([{ _tag: "DocumentPut", kind, key, body: message }]))
  })

  const send = Effect.fnUntraced(function* (
    admin: TelegramId,
    { heard, card }: Told,
    view: Omit<TodoView, "solved">,
  ) {
    const texts = yield* languages.textsFor(admin)
    const screen = todoScreen({ ...view, solved: [] }, texts)
    const [message] = yield* tellAdmins(() => screen, [admin])
    if (message === undefined) return { told: { heard, card }, isUpToDate: false }
    yield* replace(message)
    const named = asMap(view.todos)
    const sent = { message, at: yield* elapsed, shows: shownBy(screen), named }
    return { told: { heard: named, card: sent }, isUpToDate: true }
  })

  return Effect.fnUntraced(function* (
    admin: TelegramId,
    before: Told,
    view: Omit<TodoView, "solved">,
  ) {
    const { todos } = view
    const told: Told = { ...before, heard: stillHeard(before.heard, todos) }
    const { card, heard } = told
    const hasNews = todos.some((todo) => isNews(heard.get(todoKey(todo)), todo))
    if (card === undefined) {
      return hasNews ? yield* send(admin, told, view) : { told, isUpToDate: false }
    }
    const now = yield* elapsed
    const age = now - card.at
    const isBeforeEyes =
      age < Duration.toMillis(settlesFor) || now - startedAt < Duration.toMillis(startFindsFor)
    if (hasNews && age >= Duration.toMillis(heardEvery)) return yield* send(admin, told, view)
    const current = asMap(todos)
    const named = new Map([...card.named, ...current])
    const solved = [...card.named.values()].filter((todo) => !current.has(todoKey(todo)))
    const screen = todoScreen({ ...view, solved }, yield* languages.textsFor(admin))
    const settled: Told = {
      heard: isBeforeEyes ? current : heard,
      card: { ...card, named, shows: shownBy(screen) },
    }
    if (shownBy(screen) === card.shows) return { told: settled, isUpToDate: true }
    switch (yield* redrawn(card.message, () => screen)) {
      case "drawn":
        return { told: settled, isUpToDate: true }
      case "missed":
        return { told, isUpToDate: false }
      case "gone":
        return hasNews
          ? yield* send(admin, { heard, card: undefined }, view)
          : { told: { heard, card: undefined }, isUpToDate: false }
    }
  })
})

/** Kind of the documents that say where the list of each admin stands; the key is the admin. */
const kind = "todo"

const decode = Schema.decodeUnknownOption(MessageRef)

const asMap = <A extends Todo>(todos: ReadonlyArray<A>): ReadonlyMap<string, A> =>
  new Map(todos.map((todo) => [todoKey(todo), todo]))

/** Forgets the items that are done, so that one which comes or grows again is told as news. */
const stillHeard = (heard: Todos, todos: ReadonlyArray<Todo>): Todos =>
  new Map(
    todos.flatMap((todo) => {
      const known = heard.get(todoKey(todo))
      if (known === undefined) return []
      return [[todoKey(todo), isNews(known, todo) ? known : todo] as const]
    }),
  )

const shownBy = ({ html, keyboard }: Screen) => JSON.stringify([String(html), keyboard])
