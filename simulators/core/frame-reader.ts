import { toText } from './crc.ts'

export interface FrameShape {
  /** One character that opens a frame, wherever it comes; a frame that has begun is dropped. */
  readonly begin: string
  /** Characters that close it. */
  readonly end: string
  /** Characters between them that a pump keeps at most; a longer frame is noise. */
  readonly bound: number
}

/** Cuts what a host says into what stands between its frames' first and last characters. Whatever is outside is noise to a pump. */
export class FrameReader {
  readonly #shape: FrameShape
  #partial: string | null = null

  constructor(shape: FrameShape) {
    this.#shape = shape
  }

  /** As when the pump is switched on: what has begun is forgotten. */
  reset(): void {
    this.#partial = null
  }

  push(bytes: Uint8Array): readonly string[] {
    const { begin, end, bound } = this.#shape
    const contents: string[] = []
    for (const char of toText(bytes)) {
      if (char === begin) this.#partial = ''
      else if (this.#partial === null) continue
      else if (end.includes(char)) {
        contents.push(this.#partial)
        this.#partial = null
      } else this.#partial = this.#partial.length < bound ? this.#partial + char : null
    }
    return contents
  }
}
