/** The English company, end to end: other resources, another language, and no code for it. */
import { afterEach, assert, it } from "vitest"
import type { PoolsView } from "../../src/playground/PoolsView.ts"
import { Demo } from "./Demo.ts"
import { records } from "./people.ts"

let demo: Demo

afterEach(() => demo.remove())

it("a demo that becomes the English company hands out its things in English, over a restart too", async () => {
  demo = Demo.here()
  await demo.start()
  await demo.post("/sim/reset", { company: "english" })
  await demo.ready()
  const [james, olivia] = [2, 1]
  await demo.say(olivia, "/start")
  await demo.sees(olivia, "What do you need?")
  await demo.say(james, "/start")
  await demo.sees(james, "work nickname")
  await demo.say(james, "james.sales")
  const card = await demo.sees(olivia, "james.sales")
  await demo.press(olivia, "Approve", card.messageId)
  await demo.sees(james, "You have access")

  const { messageId } = await demo.say(james, "licence photo London 1")
  const shown = await demo.eventually("a licence", async () =>
    (await demo.chat(james, messageId)).find(({ text }) => /PH-\d{4}/.test(text)),
  )
  assert.match(shown.text, /DEMO1-PHOTO|00012345|=1\+1/)
  await demo.press(james, "In use", shown.messageId)
  await demo.advance("2 minutes")
  const row = await demo.eventually("the row", async () =>
    records(await demo.tab("demo-issued", "Licences handed out")).at(0),
  )
  assert.deepInclude(row, { Status: "In use", Person: "james.sales", Office: "London" })

  const { messageId: asked } = await demo.say(james, "login London 1")
  await demo.eventually("a login", async () =>
    (await demo.chat(james, asked)).find(({ text }) => /trial\d{3}/.test(text)),
  )
  await demo.advance("13 minutes")
  const login = await demo.eventually("the row of the timer", async () =>
    records(await demo.tab("demo-issued", "Demo logins handed out")).at(0),
  )
  assert.match(login["Marked"] ?? "", / auto$/)
  for (const { id } of await demo.get<ReadonlyArray<{ id: string }>>("/sim/sheets")) {
    const tabs = JSON.stringify(await demo.get(`/sim/sheets/${id}`))
    assert.isUndefined(/[а-яё]+/i.exec(tabs)?.[0])
  }

  await demo.stop("SIGTERM")
  await demo.start()
  const { resources, proxies } = await demo.get<PoolsView>("/sim/pools")
  assert.deepStrictEqual(
    resources.map(({ id }) => id),
    ["licence", "demo", "mailbox", "sim"],
  )
  assert.isUndefined(proxies)
  assert.isUndefined(demo.output.match(/[а-яё]/i)?.[0])
})
