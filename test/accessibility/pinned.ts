/** A case that axe cannot judge, which somebody has looked at. */
export interface Pin {
  readonly rule: string
  readonly key: string
  /** Of the element, as it begins. */
  readonly html: RegExp
  readonly because: string
}

export const pinned: readonly Pin[] = []
