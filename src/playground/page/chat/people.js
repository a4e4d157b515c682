/** The people, each with the chat and the command menu as their app shows them. */
import { get, path } from "../base/api.js"

export const adminId = 1

/** Person id → number of the newest message of the bot that was on the screen. */
const seen = new Map()
let first = true

const newest = ({ chat }) =>
  chat.reduce((last, { from, messageId }) => (from === "bot" ? messageId : last), 0)

export const loadPeople = async () => {
  const users = await get("/sim/users")
  const people = await Promise.all(
    users.map(async (user) => {
      const [chat, commands] = await Promise.all([
        get(path("chats", user.id)),
        get(path("commands", user.id)),
      ])
      return { ...user, chat, commands }
    }),
  )
  for (const person of people) {
    const last = newest(person)
    // An emptied chat begins anew, and messages from before the page was opened are no news.
    if (first || last < (seen.get(person.id) ?? 0)) seen.set(person.id, last)
  }
  first = false
  return people
}

export const markSeen = (person) => seen.set(person.id, newest(person))

/** How many messages of the bot came since the chat of the person was last on the screen. */
export const newsOf = ({ id, chat }) => {
  const last = seen.get(id) ?? 0
  return chat.filter(({ from, messageId }) => from === "bot" && messageId > last).length
}

/** Whether the person is an admin, by the command menu; the demo may have several. */
export const isAdmin = ({ id, commands }) =>
  id === adminId || commands.some(({ command }) => command === "whitelist")
/** The bot shows more than /start only to those whom it lets in. */
export const isLetIn = ({ commands }) => commands.some(({ command }) => command !== "start")
