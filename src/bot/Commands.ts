/**
 * The lists of commands that Telegram shows in a chat. Everybody sees /start, in the language of
 * their client. People who may use the bot see more, in the language that the bot speaks to them.
 */
import { Effect, Layer, Option } from "effect"
import { Access } from "../access/Access.ts"
import { AdminChats } from "../access/AdminChats.ts"
import { Whitelist } from "../access/Whitelist.ts"
import { CatalogueSource } from "../config/CatalogueSource.ts"
import { Settings } from "../config/Settings.ts"
import { isOffered, type Resource } from "../domain/Catalogue.ts"
import type { TelegramId } from "../domain/Employee.ts"
import { type Language, Languages, textsOf } from "./Languages.ts"
import { type Command, type CommandScope, Telegram } from "./Telegram.ts"
import type { CommandName, Texts } from "./texts/Texts.ts"

/**
 * Sets all lists once, after a start. A list that cannot be set is logged and left at that. An admin
 * without a chat gets his when he presses /start: before that Telegram refuses it.
 */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const telegram = yield* Telegram
    const access = yield* Access
    const whitelist = yield* Whitelist
    const languages = yield* Languages
    const { language: usual } = yield* Settings
    const employees = yield* Effect.filter(yield* whitelist.all, ({ id }) => access.isAllowed(id))
    const { resources } = yield* CatalogueSource
    const chats = yield* AdminChats
    const admins = yield* Effect.filter(access.admins, (id) =>
      Effect.map(chats.of(id), (chat) => !Option.contains(chat, "closed")),
    )
    const people = new Set([...admins, ...employees.map(({ id }) => id)])
    const show = Effect.fnUntraced(function* (id: TelegramId) {
      const texts = yield* languages.textsFor(id)
      const isAdmin = access.admins.includes(id)
      yield* showCommands(telegram, id, texts, { resources, isAdmin })
    })
    yield* Effect.gen(function* () {
      yield* set(telegram, "default", undefined, commands(ofStrangers, textsOf(usual)))
      for (const language of ["ru", "en"] as const) {
        yield* set(telegram, "default", language, commands(ofStrangers, textsOf(language)))
      }
      yield* Effect.forEach(people, show, { discard: true })
    }).pipe(Effect.forkScoped)
  }),
)

/** Sets the list of one person who may use the bot. */
export const showCommands = (
  telegram: Telegram["Service"],
  chatId: number,
  texts: Texts,
  {
    resources,
    isAdmin = false,
  }: { readonly resources: ReadonlyArray<Resource>; readonly isAdmin?: boolean },
) => {
  const [menu, ...others] = commands(isAdmin ? ofAdmins : ofEmployees, texts)
  const orders = resourcesWithCommand(resources).map(({ id, label }) => ({
    command: id,
    description: texts.menu.commandOf(texts.label(label)).slice(0, descriptionMax),
  }))
  const all = [...(menu === undefined ? [] : [menu]), ...orders, ...others]
  return set(telegram, { chatId }, undefined, all.slice(0, listMax))
}

/** Telegram accepts at most so many commands in a list and characters in a description. */
const listMax = 100
const descriptionMax = 256

/**
 * The resources that are ordered by a command of their own, «/ok 495 2». Its name is the id, which
 * Telegram takes as it is; a resource whose id is the name of another command has none.
 */
export const resourcesWithCommand = (resources: ReadonlyArray<Resource>): ReadonlyArray<Resource> =>
  resources.filter((resource) => isOffered(resource) && !reserved.has(resource.id))

/** Sets the list of one person who may not use the bot any more. */
export const hideCommands = (telegram: Telegram["Service"], chatId: number, texts: Texts) =>
  set(telegram, { chatId }, undefined, commands(ofStrangers, texts))

const ofStrangers: ReadonlyArray<CommandName> = ["start"]
const ofEmployees: ReadonlyArray<CommandName> = [
  "menu",
  "my",
  "stats",
  "help",
  "language",
  "cancel",
]
/** The commands that only admins have, on the stock, people, regions and the bot itself. */
export const ofAdminsOnly: ReadonlyArray<CommandName> = [
  "stock",
  "who",
  "pause",
  "resume",
  "buffer_clear",
  "buffer_release",
  "undo",
  "numbers_today_mod",
  "whitelist",
  "whitelist_remove",
  "block",
  "unblock",
  "forget",
  "audit",
  "regions",
  "add_region",
  "remove_region",
  "export",
  "health",
  "todo",
  "failed",
  "quarantine",
]
const ofAdmins = [...ofEmployees, ...ofAdminsOnly]
const reserved: ReadonlySet<string> = new Set([...ofStrangers, ...ofAdmins, "statistic", "aside"])

/**
 * The commands of the role that somebody may have meant by this name, «/stok» → «/stock»: those
 * that are the fewest slips away, two at most, and never as many as half of the letters.
 */
export const nearestCommands = (
  name: string,
  { resources, isAdmin }: { resources: ReadonlyArray<Resource>; isAdmin: boolean },
): ReadonlyArray<string> => {
  const orders = resourcesWithCommand(resources).map(({ id }) => id)
  const known = ["start", ...orders, ...(isAdmin ? ofAdmins : ofEmployees)]
  const near = known
    .filter((command) => Math.abs(command.length - name.length) <= 2)
    .map((command) => ({ command, slips: slipsBetween(name, command) }))
    .filter(({ command, slips }) => slips <= Math.min(2, command.length / 2))
  const fewest = Math.min(...near.map(({ slips }) => slips))
  return near.flatMap(({ command, slips }) => (slips === fewest ? [command] : [])).slice(0, 3)
}

/** How many letters are missing, superfluous, wrong, or in the place of their neighbour. */
const slipsBetween = (one: string, other: string): number => {
  // A row for each beginning of `one`: its distance to every beginning of `other`.
  const rows = [Array.from({ length: other.length + 1 }, (_, column) => column)]
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY
  for (let row = 1; row <= one.length; row += 1) {
    const line = [row]
    rows.push(line)
    for (let column = 1; column <= other.length; column += 1) {
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      line.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (one[row - 1] === other[column - 1] ? 0 : 1),
          isSwapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
  }
  return at(one.length, other.length)
}

const commands = (names: ReadonlyArray<CommandName>, texts: Texts): ReadonlyArray<Command> =>
  names.map((command) => ({ command, description: texts.menu.commands[command] }))

const set = (
  telegram: Telegram["Service"],
  scope: CommandScope,
  language: Language | undefined,
  list: ReadonlyArray<Command>,
) =>
  telegram.setCommands(scope, language, list).pipe(
    Effect.catch(({ reason }) =>
      Effect.logWarning("a command list was not set").pipe(
        Effect.annotateLogs({
          scope: scope === "default" ? scope : scope.chatId,
          reason: reason._tag,
        }),
      ),
    ),
  )
