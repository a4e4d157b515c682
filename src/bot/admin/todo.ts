/**
 * What waits for people, as one list: stocks that run low, rows that were set aside, rows that
 * nobody has finished typing, cells of the registry that cannot be read, and tabs that wait.
 *
 * `TodoNotices` keeps one message with it up to date for every admin; /todo asks for it. Its buttons
 * open a new message, so that the list stays in its own.
 */
import { Effect } from "effect"
import type { Resource } from "../../domain/Catalogue.ts"
import { type Alarm, alarmKey, Alarms, tellsTheSame } from "../../observe/Alarms.ts"
import { Pools } from "../../pool/Pools.ts"
import { Journal, type QuarantineTally } from "../../store/Journal.ts"
import type { Action, ActionOf } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, type Button, html, type Html, type Keyboard, type Screen } from "../Screen.ts"
import { digestOf } from "../screens/lists.ts"
import { cut, lines, menuBelow, tap, visibleLength } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"
import type { Area, Asked, Work } from "./Admins.ts"
import { faultText } from "./quarantine.ts"

/** The alarms that stop nothing but a tab, and that people end in the sheet. */
type TodoAlarm = Extract<
  Alarm,
  {
    readonly _tag:
      | "TabUnusable"
      | "HeaderMoved"
      | "TabRefused"
      | "RowsHalfTyped"
      | "RegistryUnreadable"
      | "LowStock"
  }
>

/** Rows of a tab that were set aside. */
interface Aside {
  readonly _tag: "Aside"
  readonly resource: string
  readonly tab: string
  readonly rows: number
}

/** One thing that waits for people. */
export type Todo = TodoAlarm | Aside

/** In the order in which the list names them: what stops a tab stands first. */
const kinds: ReadonlyArray<Todo["_tag"]> = [
  "TabUnusable",
  "HeaderMoved",
  "TabRefused",
  "RowsHalfTyped",
  "RegistryUnreadable",
  "LowStock",
  "Aside",
]

/** Whether the alarm stands in the list, and is therefore no message of its own. */
export const isTodo = (alarm: Alarm): alarm is TodoAlarm => kinds.some((tag) => tag === alarm._tag)

/** The same text for all that is about one trouble. */
export const todoKey = (todo: Todo): string =>
  todo._tag === "Aside" ? JSON.stringify(["Aside", todo.resource, todo.tab]) : alarmKey(todo)

/** Whether somebody who knows of the one learns something from the other. */
export const isNews = (before: Todo | undefined, todo: Todo): boolean => {
  if (before === undefined) return true
  if (before._tag === "Aside" || todo._tag === "Aside") {
    return before._tag !== "Aside" || todo._tag !== "Aside" || todo.rows > before.rows
  }
  return !tellsTheSame(before, todo)
}

/** All that waits for people now. It comes from memory, so it can be asked while the disk is down. */
export const standingTodos = Effect.gen(function* () {
  const pools = yield* Pools
  const alarms = yield* Alarms
  return Effect.gen(function* () {
    const aside = yield* Effect.forEach(pools.resources, ({ id: resource }) =>
      Effect.map(pools.setAside(resource), (rowsByTab) =>
        Object.entries(rowsByTab).map(([tab, rows]): Todo => ({
          _tag: "Aside",
          resource,
          tab,
          rows,
        })),
      ),
    )
    const todos: ReadonlyArray<Todo> = [...(yield* alarms.raised).filter(isTodo), ...aside.flat()]
    return todos.toSorted((a, b) => kinds.indexOf(a._tag) - kinds.indexOf(b._tag))
  })
})

/** How many rows of a tab were set aside for one reason. */
interface AsideReason extends QuarantineTally {
  /** None where the catalogue no longer has it. */
  readonly resource: Resource | undefined
}

/** Why rows were set aside. Without the disk nobody knows, and the list tells their number only. */
export const asideReasons = Effect.gen(function* () {
  const journal = yield* Journal
  const { resources } = yield* Pools
  return journal.quarantineTally.pipe(
    Effect.map((tallies) =>
      tallies.map((tally): AsideReason => ({
        ...tally,
        resource: resources.find(({ id }) => id === tally.pool),
      })),
    ),
    Effect.catchTag("StorageUnavailable", () => Effect.succeed<ReadonlyArray<AsideReason>>([])),
  )
})

export interface TodoView {
  readonly todos: ReadonlyArray<Todo>
  /** What the message named before, and is done by now. */
  readonly solved: ReadonlyArray<Todo>
  readonly reasons: ReadonlyArray<AsideReason>
}

/** The list. The contents of rows are secret and are not shown. */
export const todoScreen = (view: TodoView, texts: Texts): Screen => {
  const { todos, solved } = view
  const words = texts.todo
  const heading = todos.length > 0 ? words.title(todos.length) : words.done
  return {
    html: lines(bold(heading), ...sectionsOf(view, texts)),
    keyboard: solved.length === 0 && todos.length === 0 ? [] : waysOut(view, texts),
  }
}

/** A few words for one of them: for /health, and for what is done. */
export const todoShort = (todo: Todo, texts: Texts): string => {
  const words = texts.todo
  switch (todo._tag) {
    case "LowStock":
      return texts.admin.lowStock(cut(texts.label(todo.label), nameMax), todo.remaining)
    case "RowsHalfTyped":
      return words.halfTyped(cut(todo.tab, tabMax), todo.rows.length + todo.more)
    case "RegistryUnreadable":
      return words.unreadable(cut(todo.tab, tabMax), todo.rows.length)
    case "Aside":
      return words.aside(cut(todo.tab, tabMax), todo.rows)
    default:
      return words.tabWaits(cut(todo.tab, tabMax))
  }
}

/** A part of the list: under a heading where there is one, with advice below where it helps. */
interface Section {
  readonly heading?: string
  readonly entries: ReadonlyArray<Html>
  readonly advice?: string
}

const sectionsOf = ({ todos, solved, reasons }: TodoView, texts: Texts): ReadonlyArray<Html> => {
  const words = texts.todo
  const of = (...tags: ReadonlyArray<Todo["_tag"]>) =>
    todos.filter(({ _tag }) => tags.includes(_tag))
  const sections: ReadonlyArray<Section> = [
    ...todos.flatMap((todo) =>
      todo._tag === "Aside" || todo._tag === "LowStock"
        ? []
        : [{ entries: [html`${cut(texts.admin.alarm(todo), alarmMax)}`] }],
    ),
    {
      heading: words.low,
      entries: of("LowStock").flatMap((todo) =>
        todo._tag === "LowStock" ? [html`• ${lowText(todo, texts)}`] : [],
      ),
      advice: texts.admin.lowStockAdvice,
    },
    {
      heading: words.setAside,
      entries: of("Aside").flatMap((todo) =>
        todo._tag === "Aside" ? [html`• ${asideText(todo, reasons, texts)}`] : [],
      ),
      advice: texts.admin.quarantineAdvice,
    },
    {
      heading: words.solved,
      entries: solved.map((todo) => html`• <s>${todoShort(todo, texts)}</s>`),
    },
  ]
  return packed(
    sections.filter(({ entries }) => entries.length > 0),
    words.more,
  )
}

/** The sections as far as a message has room; a line counts what does not fit. */
const packed = (
  sections: ReadonlyArray<Section>,
  more: (count: number) => string,
): ReadonlyArray<Html> => {
  let room = listMax
  let rest = 0
  const shown = sections.flatMap(({ heading, entries, advice }) => {
    room -= (heading?.length ?? 0) + (advice?.length ?? 0) + 4
    const fitting = entries.filter((entry) => (room -= visibleLength(entry) + 1) >= 0)
    rest += entries.length - fitting.length
    if (fitting.length === 0) return []
    return [
      html``,
      ...(heading === undefined ? [] : [bold(heading)]),
      ...fitting,
      ...(advice === undefined ? [] : [html`${advice}`]),
    ]
  })
  return rest === 0 ? shown : [...shown, html``, html`${more(rest)}`]
}

const lowText = (todo: Extract<Todo, { readonly _tag: "LowStock" }>, texts: Texts): string =>
  texts.todo.lowStock(
    cut(texts.label(todo.label), nameMax),
    todo.remaining,
    todo.tabs
      .slice(0, tabsMax)
      .map((tab) => texts.todo.tab(cut(tab, tabMax)))
      .join(", "),
    todo.todayOnly,
  )

/** How many rows of the tab, and why, the commonest reason first. */
const asideText = (
  { resource, tab, rows }: Aside,
  reasons: TodoView["reasons"],
  texts: Texts,
): string => {
  const why = reasons
    .filter((tally) => tally.pool === resource && tally.tab === tab)
    .toSorted((a, b) => b.count - a.count)
    .map((tally) => `${faultText(tally, tally.resource, texts)}: ${tally.count}`)
  const line = texts.admin.quarantine(cut(tab, tabMax), rows)
  return why.length === 0 ? line : `${line}. ${cut(why.join(", "), reasonsMax)}`
}

/** Leads to where each kind is settled. */
const waysOut = ({ todos, reasons }: TodoView, texts: Texts): Keyboard => {
  const rows = todos.reduce((sum, todo) => sum + (todo._tag === "Aside" ? todo.rows : 0), 0)
  const hasRegions =
    reasons.some(({ reason }) => reason === "region") ||
    todos.some(
      (todo) => todo._tag === "RowsHalfTyped" && todo.rows.some(({ why }) => why === "region"),
    )
  return [
    ...(rows > 0 ? [opening(texts.quarantine.open(rows), "quarantine")] : []),
    ...(hasRegions ? [opening(texts.people.spellings.unknownAll, "regions")] : []),
    ...(todos.some(({ _tag }) => _tag === "LowStock")
      ? [opening(texts.todo.toStock, "stock")]
      : []),
  ]
}

const opening = (text: string, what: ActionOf<"TodoOpen">["what"]): ReadonlyArray<Button> => [
  tap(text, { _tag: "TodoOpen", what }),
]

/** Room in a message for all sections; the heading and the last line stand outside. */
const listMax = 3_800
const alarmMax = 700
/** Names of a catalogue and of tabs may be of any length. */
const nameMax = 40
const tabMax = 60
const tabsMax = 4
const reasonsMax = 300

/** What the buttons of the list open: the same that the commands of these areas do. */
export interface TodoOpeners {
  readonly quarantine: (asked: Asked) => Work
  readonly regions: (asked: Asked) => Work
  readonly stock: (asked: Asked) => Work
}

/** /todo, and the buttons of the list. */
export const makeTodo = Effect.fnUntraced(function* (openers: TodoOpeners) {
  const replies = yield* Replies
  const standing = yield* standingTodos
  const reasonsNow = yield* asideReasons

  const draw = Effect.gen(function* () {
    const texts = yield* Wording
    const todos = yield* standing
    const reasons = todos.some(({ _tag }) => _tag === "Aside") ? yield* reasonsNow : []
    const list = todoScreen({ todos, solved: [], reasons }, texts)
    const text = todos.length === 0 ? lines(bold(texts.todo.nothing)) : list.html
    const again: Action = { _tag: "Todo", seen: digestOf(text) }
    const screen: Screen = {
      html: text,
      keyboard: [...list.keyboard, [tap(texts.stock.refresh, again)], menuBelow(texts)],
    }
    return screen
  })

  const open = Effect.fnUntraced(function* ({ chatId }: Asked) {
    yield* replies.say(chatId, yield* draw)
  })

  const turn = Effect.fnUntraced(function* (press: Press, { seen }: ActionOf<"Todo">) {
    yield* replies.refresh(press, seen, yield* draw)
  })

  const lead = Effect.fnUntraced(function* (press: Press, { what }: ActionOf<"TodoOpen">) {
    const { userId, chatId, message } = press
    yield* press.answer()
    yield* openers[what]({ userId, chatId, messageId: message.messageId, argument: "" })
  })

  const area: Area = { commands: { todo: open }, buttons: { Todo: turn, TodoOpen: lead } }
  return area
})
