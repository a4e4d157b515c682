/**
 * All about proxies in a conversation: which buttons and texts are theirs, and what ends the
 * draft of somebody who turns to something else.
 */
import { Effect, Option } from "effect"
import type { Resource } from "../../domain/Catalogue.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import type { MessageRef } from "../../domain/Issuance.ts"
import { Proxies } from "../../pool/proxies/Proxies.ts"
import { type Action, type ActionIn, type ActionOf, isIn } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { ProxyDrafts } from "../ProxyDrafts.ts"
import { ProxyMessages } from "../ProxyMessages.ts"
import { type Press, Replies } from "../Replies.ts"
import { menuPage, sentence } from "../screens/parts.ts"
import type { Incoming } from "../Update.ts"
import * as ProxyAdd from "./proxyAdd.ts"
import { makeProxyText } from "./proxyAdd.ts"
import * as ProxyGet from "./proxyGet.ts"
import { Menus } from "../Menus.ts"

type ProxyAction = ActionIn<"proxyAdd" | "proxyGet" | "proxyHeld"> | ProxyGroup
type ProxyGroup = ActionOf<"Group"> & { readonly group: "proxies" }

export const make = Effect.gen(function* () {
  const replies = yield* Replies
  const { stale } = yield* Menus
  const proxies = yield* Proxies
  const messages = yield* ProxyMessages
  const drafts = yield* ProxyDrafts

  const wizards = Option.isNone(proxies.resource)
    ? undefined
    : yield* wizardsFor(proxies.resource.value)

  const act = Effect.fn("proxies.act")(function* (press: Press, action: ProxyAction) {
    if (wizards === undefined) return yield* stale(press)
    if (action._tag === "Group") return yield* wizards.get.menu(press)
    return yield* isOfAdding(action)
      ? wizards.add.onTap(press, action)
      : wizards.get.onTap(press, action)
  })

  const end = (of: TelegramId, pressed?: MessageRef) =>
    wizards === undefined ? Effect.succeed(0) : wizards.add.end(of, pressed)

  /** Nobody loses lines without a word. */
  const tellDropped = Effect.fnUntraced(function* (press: Press, lines: number) {
    if (lines > 0) yield* press.answer((yield* Wording).proxies.adding.endedDropping(lines))
  })

  /** Before any button: `false` where the disk refuses to give up what it leaves. */
  const leave = Effect.fn("proxies.leave")(function* (press: Press, action: Action) {
    const texts = yield* Wording

    if (!isProxyAction(action) && action._tag !== "Noop") yield* messages.leave(press.message)
    if (!isAnotherWay(action)) return true
    return yield* end(press.userId, press.message).pipe(
      Effect.flatMap((lines) => tellDropped(press, lines)),
      Effect.as(true),
      Effect.catch(() => Effect.as(press.alert(texts.refusals.storageUnavailable), false)),
    )
  })

  /** Before a command that leads elsewhere: `false` as above. */
  const giveUp = Effect.fn("proxies.giveUp")(function* (of: TelegramId, chatId: number) {
    const texts = yield* Wording

    return yield* end(of).pipe(
      Effect.as(true),
      Effect.catch(() =>
        Effect.as(replies.say(chatId, sentence(texts.refusals.storageUnavailable)), false),
      ),
    )
  })

  /** `true`: the text was meant for the draft of its sender. */
  const onText = (text: Extract<Incoming, { readonly _tag: "Text" }>) =>
    wizards === undefined ? Effect.succeed(false) : wizards.text(text)

  /** `true`: lines were awaited, and something else came. */
  const onOther = Effect.fn("proxies.onOther")(function* (of: TelegramId, chatId: number) {
    const texts = yield* Wording

    const draft = yield* drafts.find(of)
    if (Option.isNone(draft) || draft.value.step !== "lines") return false
    yield* replies.say(chatId, sentence(texts.proxies.adding.notText))
    return true
  })

  return { act, leave, giveUp, onText, onOther }
})

const wizardsFor = Effect.fnUntraced(function* (resource: Resource) {
  const add = yield* ProxyAdd.make(resource)
  const text = yield* makeProxyText(add.show)
  const get = yield* ProxyGet.make(resource)
  return { add, text, get }
})

const isInWizard = isIn("proxyAdd", "proxyGet", "proxyHeld")

export const isProxyAction = (action: Action): action is ProxyAction =>
  isInWizard(action) || (action._tag === "Group" && action.group === "proxies")

const isOfAdding = isIn("proxyAdd")

const isOrder = isIn("order", "proxyGet")

/** A new order, or a way back to the menu, ends a draft. Marks, lists and help leave it alone. */
const isAnotherWay = (action: Action) =>
  isOrder(action) || (action._tag === "Page" && action.screen === menuPage)
