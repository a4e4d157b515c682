/** Russian: what admins took from people without access into quarantine. */
import type { AsideTexts } from "./AsideTexts.ts"
import { russian } from "./plural.ts"

const items = russian("единицу", "единицы", "единиц")

export const ruAside = {
  ask: {
    heading: (count, name) => `Забрать в карантин ${items(count)}? На руках: ${name}`,
    meaning:
      "Вещь больше никому не выдаётся, бот её хранит. В таблицу выданного строка не попадёт. Сутки это можно отменить: /undo.",
    confirm: "🗄 В карантин",
  },
  title: "Изъято в карантин за сутки",
  nothing: "За сутки в карантин ничего не изъято или всё уже вернули.",
  only: "В корзине пусто. Изъятое в карантин можно вернуть кнопкой.",
  open: (count) => `Изъято в карантин: ${count}`,
  heldBy: (name) => `На руках до того: ${name}`,
  decided: (by, at) => `Решение: ${by}, ${at}.`,
  until: (until) => `Отменить можно до ${until}.`,
  restore: (number) => `↩️ Вернуть на руки ${number}`,
  restored: (what, name) => `${what}: снова на руках без отметки у ${name}.`,
  gone: "Этого уже не вернуть: кто-то вернул раньше, прошли сутки или такая же строка снова взята из таблицы. Ничего не изменилось.",
  notes: {
    settled: (name, what, by) => `📦 ${name}, что осталось на руках. ${what} Решение: ${by}.`,
    wayBack: "Изъятое в карантин сутки можно вернуть: /undo.",
    restored: (what, name, by) =>
      `↩️ ${what}: из карантина снова на руках без отметки у ${name}. Решение: ${by}.`,
  },
} satisfies AsideTexts
