/** A small picture to send where a person has none at hand: hills under an evening sun. */
import { el } from "../base/dom.js"

const [width, height] = [640, 400]

export const samplePicture = () => {
  const canvas = el("canvas", { width, height })
  const pen = canvas.getContext("2d")
  const sky = pen.createLinearGradient(0, 0, 0, height)
  sky.addColorStop(0, "#3f6fb5")
  sky.addColorStop(0.55, "#f2a65a")
  sky.addColorStop(1, "#f7d9a3")
  pen.fillStyle = sky
  pen.fillRect(0, 0, width, height)
  pen.fillStyle = "#fff3c4"
  pen.beginPath()
  pen.arc(430, 190, 46, 0, 2 * Math.PI)
  pen.fill()
  hill(pen, "#7a5c86", 230, 60, 0.011)
  hill(pen, "#4c4570", 290, 44, 0.016)
  hill(pen, "#26294d", 345, 26, 0.022)
  return canvas
}

const hill = (pen, colour, top, swing, step) => {
  pen.fillStyle = colour
  pen.beginPath()
  pen.moveTo(0, height)
  for (let x = 0; x <= width; x += 8) pen.lineTo(x, top + swing * Math.sin(x * step + top))
  pen.lineTo(width, height)
  pen.fill()
}
