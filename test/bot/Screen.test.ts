import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { bold, code, html, joinHtml, spoiler } from "../../src/bot/Screen.ts"

const unescaped = (text: string) =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")

describe("html", () => {
  it("escapes strings and leaves markup alone", () => {
    const name = '<b>&"x"</b>'
    assert.strictEqual(
      String(html`${bold("1 < 2")} ${name} ${5}`),
      "<b>1 &lt; 2</b> &lt;b&gt;&amp;&quot;x&quot;&lt;/b&gt; 5",
    )
  })

  it("does not take a string that looks like markup for markup", () => {
    assert.strictEqual(String(html`${String(bold("x"))}`), "&lt;b&gt;x&lt;/b&gt;")
  })

  it("joins, and escapes what stands between", () => {
    const parts = [code("a"), spoiler("b"), html`c`]
    assert.strictEqual(
      String(joinHtml(parts, " > ")),
      "<code>a</code> &gt; <tg-spoiler>b</tg-spoiler> &gt; c",
    )
  })

  it("keeps nested markup as it is", () => {
    assert.strictEqual(String(bold(html`${code("&")}`)), "<b><code>&amp;</code></b>")
  })

  it("repairs half a character, which Telegram would refuse", () => {
    assert.strictEqual(String(code("a\ud83d")), "<code>a\ufffd</code>")
  })

  it.prop(
    "any text comes back, and none of its signs is markup",
    [Schema.String],
    ([text]) => {
      const inside = String(code(text)).slice("<code>".length, -"</code>".length)
      assert.isFalse(/[<>"]/.test(inside))
      assert.isFalse(/&(?!(amp|lt|gt|quot);)/.test(inside))
      assert.strictEqual(unescaped(inside), text.toWellFormed())
    },
    { arbitrary: { runs: 500 } },
  )
})
