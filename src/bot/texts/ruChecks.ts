/** Russian: what admins read about the books. */
import type { ChecksTexts } from "./ChecksTexts.ts"
import { russian } from "./plural.ts"

const issuances = russian("выдача", "выдачи", "выдач")
const items = russian("единица", "единицы", "единиц")

export const ruChecks = {
  comeback: {
    title: "Бот снова работает. Что восстановлено:",
    available: (count) => `готово к выдаче: ${items(count)}`,
    pending: (count) => `ждут отметки: ${issuances(count)}`,
    unsure: (count) => `показать ещё раз, доставка неясна: ${issuances(count)}`,
    buffer: (count) => `ждут записи в таблицу: ${issuances(count)}`,
    finished: (count) => `прерванных записей в таблицу: ${count}, все доведены до конца`,
    unfinished: (count) =>
      `прерванных записей в таблицу: ${count}, бот доводит их до конца, ничего не удвоится`,
    nothing: "на складе пусто, ничего не ждёт отметки или записи",
    lastEvent: (at) => `Последняя запись до перерыва: ${at}.`,
    nothingLost: (count) => `Потеряно: 0. Сверено: ${items(count)}.`,
    adrift: (count, where) =>
      `Не сходится: ${items(count)} (${where}). Что делать, сказано в отдельном сообщении.`,
    checking: "Сверка ещё идёт. Если что-то не сойдётся, бот сообщит.",
    unchecked: "Сверить учёт не удалось, причина в журнале работы. Бот повторит сверку ночью.",
  },
} satisfies ChecksTexts
