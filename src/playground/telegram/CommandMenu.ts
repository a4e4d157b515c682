/** The command menu: what the bot sets per scope and language, and what a person then sees. */
import { Result } from "effect"
import * as Args from "./Args.ts"
import { longerThan } from "./FormattedText.ts"
import { type Call, chatMember, type Method } from "./Method.ts"
import { badRequest, type TelegramRefusal } from "./Refusal.ts"
import type { BotCommand, SimUser, TelegramState } from "./TelegramState.ts"

export const setMyCommands: Method = (call) =>
  Result.gen(function* () {
    const key = yield* keyOf(call)
    const commands = yield* commandsOf(call.args)
    const { [key]: _, ...others } = call.state.commands
    const next = commands.length === 0 ? others : { ...others, [key]: commands }
    return { state: { ...call.state, commands: next }, result: true }
  })

/** Shows exactly what was set for this scope and language, with no fallback. */
export const getMyCommands: Method = (call) =>
  Result.map(keyOf(call), (key) => ({
    state: call.state,
    result: call.state.commands[key] ?? [],
  }))

export const deleteMyCommands: Method = (call) =>
  Result.map(keyOf(call), (key) => {
    const { [key]: _, ...commands } = call.state.commands
    return { state: { ...call.state, commands }, result: true }
  })

export const setChatMenuButton: Method = (call) =>
  Result.gen(function* () {
    const everyone = Args.text(call.args, "chat_id") === ""
    const key = everyone ? "default" : String((yield* chatMember(call)).id)
    const button = yield* Args.json(call.args, "menu_button", "Can't parse menu button JSON object")
    if (button !== undefined) yield* checkMenuButton(button)
    const menuButtons = { ...call.state.menuButtons, [key]: button ?? { type: "default" } }
    return { state: { ...call.state, menuButtons }, result: true }
  })

/** The commands this person sees: the narrowest scope wins, in it his own language. */
export const commandsFor = (state: TelegramState, user: SimUser): ReadonlyArray<BotCommand> => {
  const language = user.languageCode?.slice(0, 2) ?? ""
  for (const scope of [`chat ${user.id}`, "all_private_chats", "default"]) {
    const commands = state.commands[`${scope}|${language}`] ?? state.commands[`${scope}|`]
    if (commands !== undefined) return commands
  }
  return []
}

const maxCommands = 100
const maxDescription = 256

const keyOf = (call: Call): Result.Result<string, TelegramRefusal> =>
  Result.gen(function* () {
    const language = Args.text(call.args, "language_code")
    if (!/^([a-z]{2})?$/.test(language)) {
      return yield* badRequest("Invalid language code specified")
    }
    const complaint = "Can't parse BotCommandScope JSON object"
    const value = yield* Args.json(call.args, "scope", complaint)
    if (value === undefined) return `default|${language}`
    const { scope, chatId } = yield* Result.orElse(scopeOf(value), (reason) =>
      badRequest(`Can't parse BotCommandScope: ${reason}`),
    )
    if (chatId === "") return `${scope}|${language}`
    const user = yield* chatMember({ ...call, args: { chat_id: chatId } })
    if (scope !== "chat")
      return yield* badRequest("there are no administrators in the private chat")
    return `chat ${user.id}|${language}`
  })

const scopeOf = (value: unknown): Result.Result<{ scope: string; chatId: string }, string> =>
  Result.gen(function* () {
    const fields = yield* Result.fromOption(
      Args.asRecord(value),
      () => "BotCommandScope must be an Object",
    )
    const scope = yield* Args.requiredString(fields, "type")
    if (wideScopes.has(scope)) return { scope, chatId: "" }
    if (!chatScopes.has(scope)) return yield* Result.fail("Unsupported type specified")
    const chatId = yield* Args.requiredString(fields, "chat_id")
    return chatId === "" ? yield* Result.fail("Empty chat_id specified") : { scope, chatId }
  })

const wideScopes = new Set([
  "default",
  "all_private_chats",
  "all_group_chats",
  "all_chat_administrators",
])
const chatScopes = new Set(["chat", "chat_administrators", "chat_member"])

const commandsOf = (args: Args.Args): Result.Result<ReadonlyArray<BotCommand>, TelegramRefusal> =>
  Result.gen(function* () {
    const list = yield* Args.json(args, "commands", "Can't parse commands JSON object")
    if (list === undefined) return []
    if (!Array.isArray(list)) return yield* badRequest("Expected an Array of BotCommand")
    const commands: Array<BotCommand> = []
    for (const member of list) {
      commands.push(
        yield* Result.orElse(commandOf(member), (reason) =>
          badRequest(`Can't parse BotCommand: ${reason}`),
        ),
      )
    }
    for (const command of commands) yield* checkCommand(command)
    return commands.length > maxCommands ? yield* badRequest("BOT_COMMANDS_TOO_MUCH") : commands
  })

const commandOf = (value: unknown): Result.Result<BotCommand, string> =>
  Result.gen(function* () {
    const fields = yield* Result.fromOption(Args.asRecord(value), () => "expected an Object")
    const command = yield* Args.requiredString(fields, "command")
    const description = yield* Args.requiredString(fields, "description")
    return { command: command.trim().replace(/^\//, ""), description: description.trim() }
  })

const checkCommand = ({
  command,
  description,
}: BotCommand): Result.Result<void, TelegramRefusal> => {
  if (command === "") return badRequest("Command must be non-empty")
  if (longerThan(command, 32)) return badRequest("Command length must not exceed 32")
  if (description === "") return badRequest("Command description must be non-empty")
  if (longerThan(description, maxDescription)) {
    return badRequest(`Command description length must not exceed ${maxDescription}`)
  }
  return /^[a-z0-9_]+$/.test(command) ? Result.void : badRequest("BOT_COMMAND_INVALID")
}

const checkMenuButton = (value: unknown): Result.Result<void, TelegramRefusal> => {
  const type = Result.flatMap(
    Result.fromOption(Args.asRecord(value), () => "MenuButton must be an Object"),
    (fields) => Args.requiredString(fields, "type"),
  )
  const known = Result.flatMap(type, (name) =>
    ["default", "commands", "web_app"].includes(name)
      ? Result.void
      : Result.fail("MenuButton has unsupported type"),
  )
  return Result.orElse(known, (reason) => badRequest(`Can't parse menu button: ${reason}`))
}
