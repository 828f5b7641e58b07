/** A case that axe cannot judge, which somebody has looked at. */
export interface Pin {
  readonly rule: string
  readonly key: string
  /** Of the element, as it begins. */
  readonly html: RegExp
  readonly because: string
}

export const pinned: readonly Pin[] = [
  {
    rule: 'color-contrast',
    key: 'bgGradient',
    html: /^<select/,
    because:
      'The gradient is the drawn arrow, 10 px wide, in the 32 px that the text leaves free; the text stands on one ground, as in an input.',
  },
  {
    rule: 'color-contrast',
    key: 'bgOverlap',
    html: /^<select/,
    because: 'At 1,024 px the open user menu covers half of it, and its gradient is the arrow, as above.',
  },
]
