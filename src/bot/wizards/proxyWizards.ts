/**
 * Proxies in a conversation: the wizards that add and get them, and the drafts that end when a
 * person turns to something else.
 *
 * A catalogue without proxies has no wizards: their buttons are answered as out of date.
 */
import { Effect, Option } from "effect"
import type { Resource } from "../../domain/Catalogue.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import type { MessageRef } from "../../domain/Issuance.ts"
import { Proxies } from "../../pool/proxies/Proxies.ts"
import { type Action, type ActionIn, type ActionOf, isIn } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { Menus } from "../Menus.ts"
import { ProxyDrafts } from "../ProxyDrafts.ts"
import { ProxyMessages } from "../ProxyMessages.ts"
import { type Press, Replies } from "../Replies.ts"
import { menuPage, sentence } from "../screens/parts.ts"
import type { Incoming } from "../Update.ts"
import { makeProxyAdd, makeProxyText } from "./proxyAdd.ts"
import { makeProxyGet } from "./proxyGet.ts"

export const makeProxyWizards = Effect.gen(function* () {
  const replies = yield* Replies
  const { stale } = yield* Menus
  const proxies = yield* Proxies
  const messages = yield* ProxyMessages
  const drafts = yield* ProxyDrafts

  const wizards = Option.isNone(proxies.resource)
    ? undefined
    : yield* wizardsFor(proxies.resource.value)

  const menu = (press: Press) => (wizards === undefined ? stale(press) : wizards.get.menu(press))

  /** Opens the menu of proxies, or those that are free for these targets, in a new message. */
  const open = (chatId: number, targets: number) =>
    wizards === undefined ? Effect.void : wizards.get.open(chatId, targets)

  const add = (press: Press, action: ActionIn<"proxyAdd">) =>
    wizards === undefined ? stale(press) : wizards.add.onTap(press, action)

  const get = (press: Press, action: ActionIn<"proxyGet" | "proxyHeld">) =>
    wizards === undefined ? stale(press) : wizards.get.onTap(press, action)

  /** Ends the person's draft, and gives the number of lines that are lost with it. */
  const endDraft = (of: TelegramId, how: { pressed?: MessageRef; isCancelled?: boolean }) =>
    wizards === undefined ? Effect.succeed(0) : wizards.add.end(of, how)

  /** Says how many lines went with a draft, so that nobody loses lines without a word. */
  const tellDropped = Effect.fnUntraced(function* (press: Press, lines: number) {
    if (lines > 0) yield* press.answer((yield* Wording).proxies.adding.endedDropping(lines))
  })

  /**
   * To be called before any button is answered: ends the draft where the button leads elsewhere.
   * `false` means that the disk refuses that, so that the button must not be answered.
   */
  const leave = Effect.fnUntraced(function* (press: Press, action: Action) {
    const texts = yield* Wording
    if (!isProxyAction(action) && action._tag !== "Noop") yield* messages.leave(press.message)
    if (!leadsElsewhere(action)) return true
    return yield* endDraft(press.userId, { pressed: press.message }).pipe(
      Effect.flatMap((lines) => tellDropped(press, lines)),
      Effect.as(true),
      Effect.catch(() => Effect.as(press.alert(texts.refusals.storageUnavailable), false)),
    )
  })

  /** The same before a command that leads elsewhere, which /cancel does for good. */
  const giveUp = Effect.fnUntraced(function* (
    of: TelegramId,
    chatId: number,
    isCancelled: boolean,
  ) {
    const texts = yield* Wording
    return yield* endDraft(of, { isCancelled }).pipe(
      Effect.as(true),
      Effect.catch(() =>
        Effect.as(replies.say(chatId, sentence(texts.refusals.storageUnavailable)), false),
      ),
    )
  })

  /** `true` means that the person's draft waited for the text. */
  const onText = (text: Extract<Incoming, { readonly _tag: "Text" }>) =>
    wizards === undefined ? Effect.succeed(false) : wizards.text(text)

  /** `true` means that the draft waits for lines, and that the person was told to send text. */
  const onOther = Effect.fnUntraced(function* (of: TelegramId, chatId: number) {
    const texts = yield* Wording
    const draft = yield* drafts.find(of)
    if (Option.isNone(draft) || draft.value.step !== "lines") return false
    yield* replies.say(chatId, sentence(texts.proxies.adding.notText))
    return true
  })

  return { isMenu: isProxyMenu, menu, open, add, get, leave, giveUp, onText, onOther }
})

const wizardsFor = Effect.fnUntraced(function* (resource: Resource) {
  const add = yield* makeProxyAdd(resource)
  const text = yield* makeProxyText(add.show)
  const get = yield* makeProxyGet(resource)
  return { add, text, get }
})

/** The button of the main menu that opens the menu of proxies. */
const isProxyMenu = (action: Action): action is ActionOf<"Group"> =>
  action._tag === "Group" && action.group === "proxies"

const isInWizard = isIn("proxyAdd", "proxyGet", "proxyHeld")

const isProxyAction = (action: Action) => isInWizard(action) || isProxyMenu(action)

const isOrder = isIn("order", "proxyGet")

/** A new order, or a way back to the menu, ends a draft. Marks, lists and help leave it alone. */
const leadsElsewhere = (action: Action) =>
  isOrder(action) || (action._tag === "Page" && action.screen === menuPage)
