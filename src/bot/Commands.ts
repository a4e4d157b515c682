/**
 * The lists of commands that Telegram shows in a chat. Everybody sees /start, in the language of
 * their client. People who may use the bot see more, in the language that the bot speaks to them.
 */
import { Effect, Layer } from "effect"
import { Access } from "../access/Access.ts"
import { Whitelist } from "../access/Whitelist.ts"
import { CatalogueSource } from "../config/CatalogueSource.ts"
import { Settings } from "../config/Settings.ts"
import { isOffered, type Resource } from "../domain/Catalogue.ts"
import type { TelegramId } from "../domain/Employee.ts"
import { type Language, Languages, textsOf } from "./Languages.ts"
import { type Command, type CommandScope, Telegram } from "./Telegram.ts"
import type { CommandName, Texts } from "./texts/Texts.ts"

/** Sets all lists once, after a start. A list that cannot be set is logged and left at that. */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const telegram = yield* Telegram
    const access = yield* Access
    const whitelist = yield* Whitelist
    const languages = yield* Languages
    const { language: usual } = yield* Settings
    const employees = yield* Effect.filter(yield* whitelist.all, ({ id }) => access.isAllowed(id))
    const { resources } = yield* CatalogueSource
    const people = new Set([...access.admins, ...employees.map(({ id }) => id)])
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

/** What Telegram takes: commands in a list, and characters in a description. */
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
  "audit",
  "regions",
  "add_region",
  "remove_region",
  "export",
  "health",
  "failed",
  "quarantine",
]
const ofAdmins = [...ofEmployees, ...ofAdminsOnly]
const reserved: ReadonlySet<string> = new Set([...ofStrangers, ...ofAdmins, "statistic", "aside"])

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
