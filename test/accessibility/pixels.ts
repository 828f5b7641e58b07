import { PNG } from 'pngjs'

/** Channels of a grey differ a little: night is warm, ink is blue by a breath. */
const greyUpTo = 40

/** Which share of a picture is no grey. */
export const saturatedShare = (png: Buffer): number => {
  const { width, height, data } = PNG.sync.read(png)
  let saturated = 0
  for (let at = 0; at < data.length; at += 4) {
    const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3)
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > greyUpTo) saturated += 1
  }
  return saturated / (width * height)
}
