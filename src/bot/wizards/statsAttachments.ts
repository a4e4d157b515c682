/** The picture and the file of a report, in a chat. */
import { Effect } from "effect"
import type { MessageRef } from "../../domain/Issuance.ts"
import type { Report } from "../../stats/Statistics.ts"
import { ProxyMessages } from "../ProxyMessages.ts"
import type { Replies } from "../Replies.ts"
import type { Screen } from "../Screen.ts"
import { notice } from "../screens/parts.ts"
import type { ReportChoice } from "../screens/stats.ts"
import { statsFile, statsFileCaption } from "../screens/statsFile.ts"
import { sendFile, Telegram } from "../Telegram.ts"
import type { TelegramError } from "../TelegramError.ts"
import type { Texts } from "../texts/Texts.ts"

export const make = Effect.fnUntraced(function* (replies: Replies, texts: Texts) {
  const telegram = yield* Telegram
  const proxyMessages = yield* ProxyMessages

  /** In the place of `place`, or below where there can be none. */
  const picture = Effect.fnUntraced(function* (
    chatId: number,
    png: Uint8Array,
    caption: Screen,
    place: MessageRef | undefined,
  ) {
    const send = Effect.asVoid(telegram.sendPhoto(chatId, png, caption))
    // Goods are never drawn over, whatever message a forged button names.
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

  /** Below everything, with a sentence where it may not have arrived. */
  const file = Effect.fnUntraced(function* (chatId: number, report: Report, choice: ReportChoice) {
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
