/** The bot's journal in plain words: one sentence for each kind of event that a visitor may care for. */
import { shortTime } from "../base/dom.js"
import { words } from "../base/language.js"

/** `what` names the resource, the first item and how many; `who` is a nickname, or a number. */
const sentences = words({
  ru: {
    Loaded: ({ label, count }) => `${label}: из листа взято строк: ${count ?? 0}`,
    Issued: ({ who, what }) => `${who} получает ${what}`,
    Delivered: ({ what }) => `${what}: показано, время на отметку пошло`,
    DeliveryRefused: ({ what }) => `${what}: Telegram не показал, вернётся в запас`,
    DeliveryUnsure: ({ what }) => `${what}: неясно, показал ли Telegram`,
    Withdrawn: ({ what }) => `${what}: никто не видел, снова первым в запасе`,
    Confirmed: ({ what, who }) => `${what}: отметка${who ? ` от ${who}` : " по времени"}`,
    Undone: ({ what, who }) => `${what}: ${who} отменяет отметку`,
    Corrected: ({ what }) => `${what}: отметка исправлена`,
    Extended: ({ what, who }) => `${what}: ${who} просит ещё времени`,
    Commented: ({ what, who }) => `${what}: ${who} пишет причину`,
    Written: ({ label, count }) => `${label}: в лист записано строк: ${count ?? 1}`,
    QuarantineReported: ({ label }) => `${label}: админам сказано об отложенных строках`,
    TodayOnlySet: ({ label }) => `${label}: режим «только сегодня» переключён`,
    ReturnBegun: ({ label, count }) => `${label}: возвращает в лист строк: ${count ?? 0}`,
    Returned: ({ label, count }) => `${label}: в листе снова строк: ${count ?? 0}`,
    Paused: ({ label }) => `${label}: выдача на паузе`,
    Resumed: ({ label }) => `${label}: выдача снова идёт`,
    Cleared: ({ label }) => `${label}: админ убрал запас в корзину`,
    Restored: ({ label }) => `${label}: запас достали из корзины`,
    SetAside: ({ what }) => `${what}: админ отложил`,
    BroughtBack: ({ what }) => `${what}: вернули владельцу`,
    Offered: ({ what }) => `${what}: предложено коллеге`,
    OfferEnded: ({ what }) => `${what}: остаётся у владельца`,
    Transferred: ({ what }) => `${what}: перешло коллеге`,
    Abandoned: ({ what }) => `${what}: админ решил не записывать`,
    Unabandoned: ({ what }) => `${what}: админ решил всё же записать`,
    ProxiesAdded: ({ count, who }) => `${who || "Из листа"}: добавлено прокси: ${count ?? 0}`,
    ProxiesChanged: ({ count }) => `Поправлено прокси: ${count ?? 1}`,
    ProxyReserved: ({ what, who }) => `${what}: в брони у ${who}`,
    ProxyExtended: ({ what }) => `${what}: бронь продлена`,
    ProxyReleased: ({ what }) => `${what}: бронь снята`,
    ProxyTaken: ({ what }) => `${what}: взят`,
    ProxyReturned: ({ what }) => `${what}: возвращён`,
    ProxyBroken: ({ what, who }) => `${what}: не работает, говорит ${who}`,
    NicknameChanged: ({ who }) => `${who}: новый ник`,
    ApplicationWithdrawn: ({ who }) => `${who} забирает заявку`,
  },
  en: {
    Loaded: ({ label, count }) => `${label}: rows taken from the tab: ${count ?? 0}`,
    Issued: ({ who, what }) => `${who} gets ${what}`,
    Delivered: ({ what }) => `${what}: shown, the time for a status runs`,
    DeliveryRefused: ({ what }) => `${what}: Telegram did not show it, it goes back to stock`,
    DeliveryUnsure: ({ what }) => `${what}: unclear whether Telegram showed it`,
    Withdrawn: ({ what }) => `${what}: nobody saw it, first in stock again`,
    Confirmed: ({ what, who }) => `${what}: status${who ? ` by ${who}` : " by time-out"}`,
    Undone: ({ what, who }) => `${what}: ${who} undoes the status`,
    Corrected: ({ what }) => `${what}: status corrected`,
    Extended: ({ what, who }) => `${what}: ${who} asks for more time`,
    Commented: ({ what, who }) => `${what}: ${who} says why`,
    Written: ({ label, count }) => `${label}: rows written to the tab: ${count ?? 1}`,
    QuarantineReported: ({ label }) => `${label}: admins were told of rows set aside`,
    TodayOnlySet: ({ label }) => `${label}: “today only” switched`,
    ReturnBegun: ({ label, count }) => `${label}: rows going back to the tab: ${count ?? 0}`,
    Returned: ({ label, count }) => `${label}: rows back in the tab: ${count ?? 0}`,
    Paused: ({ label }) => `${label}: paused`,
    Resumed: ({ label }) => `${label}: issued again`,
    Cleared: ({ label }) => `${label}: an admin moved the stock to the trash`,
    Restored: ({ label }) => `${label}: the stock is back from the trash`,
    SetAside: ({ what }) => `${what}: set aside by an admin`,
    BroughtBack: ({ what }) => `${what}: back with its holder`,
    Offered: ({ what }) => `${what}: offered to a colleague`,
    OfferEnded: ({ what }) => `${what}: stays with its holder`,
    Transferred: ({ what }) => `${what}: a colleague has it now`,
    Abandoned: ({ what }) => `${what}: an admin gave up writing it`,
    Unabandoned: ({ what }) => `${what}: to be written after all`,
    ProxiesAdded: ({ count, who }) => `${who || "From the tab"}: proxies added: ${count ?? 0}`,
    ProxiesChanged: ({ count }) => `Proxies edited: ${count ?? 1}`,
    ProxyReserved: ({ what, who }) => `${what}: reserved for ${who}`,
    ProxyExtended: ({ what }) => `${what}: reserved for longer`,
    ProxyReleased: ({ what }) => `${what}: no longer reserved`,
    ProxyTaken: ({ what }) => `${what}: taken`,
    ProxyReturned: ({ what }) => `${what}: given back`,
    ProxyBroken: ({ what, who }) => `${what}: does not work, says ${who}`,
    NicknameChanged: ({ who }) => `${who}: a new nickname`,
    ApplicationWithdrawn: ({ who }) => `${who} takes the application back`,
  },
})

const kinds = { Loaded: "in", Issued: "out", Confirmed: "marked", Written: "written" }

/** `{ time, text, kind }` of a line; without a text where a visitor would make nothing of it. */
export const journalText = ({ at, tag, who, mask, count }, label) => {
  const others = mask !== undefined && count > 1 ? ` +${count - 1}` : ""
  const what = [label, mask].filter(Boolean).join(" ") + others
  return {
    time: shortTime(at),
    text: sentences[tag]?.({ label, what, who: who ?? "", count }),
    kind: kinds[tag],
  }
}
