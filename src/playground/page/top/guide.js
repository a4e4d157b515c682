/** The first steps of a newcomer, one at a time, until all are done or the guide is closed. */
import { byId, el } from "../base/dom.js"
import { keep, kept } from "../base/memory.js"
import { isAdmin, isLetIn } from "../chat/people.js"

const some = (people, test) => people.some((person) => !isAdmin(person) && test(person))
const hasApplication = (person) =>
  isAdmin(person) &&
  person.chat.some(({ keyboard }) => keyboard.flat().some(({ style }) => style === "success"))
const hasItems = ({ chat }) =>
  chat.some(({ keyboard }) => keyboard.flat().some(({ copyText }) => copyText !== undefined))
const hasWritten = (books) =>
  books.some(({ tabs }) => tabs.some(({ title, rows }) => /_Выдано$/.test(title) && rows.length))

const steps = [
  {
    text: "Напишите /start как Ольга, администратор: иначе бот не сможет прислать ей заявку.",
    done: ({ people }) => people.some((person) => isAdmin(person) && person.chat.length > 0),
  },
  {
    text: "Напишите /start как Иван, потом ответьте рабочим ником, например ivan.sales.",
    done: ({ people }) => some(people, isLetIn) || people.some(hasApplication),
  },
  {
    text: "Ольге пришла заявка: нажмите под ней «Одобрить».",
    done: ({ people }) => some(people, isLetIn),
  },
  {
    text: "Возьмите что-нибудь как Иван: Mamba → 495 → 3 → Любой.",
    done: ({ people }) => people.some(hasItems),
  },
  {
    text: "Отметьте часть кнопками и нажмите «+10 мин»: молчание значит «Хороший». Бот запишет всё в лист «Мамба_Выдано».",
    done: ({ books }) => hasWritten(books),
  },
]

const last =
  "Готово. Попробуйте ещё: возьмите «Номера», добавьте и получите «Прокси», устройте «Сбои», поправьте таблицу руками, остановите демо в терминале посреди выдачи и запустите снова."

const isClosed = () => kept("guide") === "closed"
const remember = (closed) => keep("guide", closed ? "closed" : undefined)

export const makeGuide = () => {
  const bar = byId("guide")
  const [dots, text] = [bar.querySelector(".dots"), bar.querySelector("p")]
  let closed = isClosed()
  let begun = false

  const close = () => {
    closed = true
    remember(true)
    bar.hidden = true
  }
  bar.querySelector("button").addEventListener("click", close)

  const show = (world) => {
    if (closed) return
    const open = steps.findIndex(({ done }) => !done(world))
    const at = open < 0 ? steps.length : open
    // Somebody who took all the steps before the page was opened needs no guide.
    if (at === steps.length && !begun) return
    begun = true
    bar.hidden = false
    const words = steps[at]?.text ?? last
    if (text.textContent === words) return
    text.textContent = words
    dots.setAttribute("aria-label", `Шаг ${Math.min(at + 1, steps.length)} из ${steps.length}`)
    dots.replaceChildren(
      ...steps.map((_, index) =>
        el("i", { className: index < at ? "done" : index === at ? "now" : "" }),
      ),
    )
  }

  const restart = () => {
    closed = false
    begun = false
    remember(false)
  }

  return { show, restart }
}
