import pixelmatch from 'pixelmatch'
import { PNG } from 'pngjs'

/** How far a colour may be from what it was, from 0 to 1, before its pixel counts: letters are drawn to the same pixel, colours to the same value. */
const threshold = 0.05

/** Share of the pixels that differ, and a picture of where. Of another size: all of them. */
export const difference = (before: Buffer, after: Buffer): { readonly share: number; readonly where: Buffer } => {
  const [a, b] = [PNG.sync.read(before), PNG.sync.read(after)]
  const { width, height } = a
  if (width !== b.width || height !== b.height) return { share: 1, where: after }
  const where = new PNG({ width, height })
  const different = pixelmatch(a.data, b.data, where.data, width, height, { threshold, includeAA: true })
  return { share: different / (width * height), where: PNG.sync.write(where) }
}
