export const palettes = ['light', 'dark', 'night'] as const
export type Palette = (typeof palettes)[number]

/** What a screen is looked at in; the wallboard is half as large again. */
export const widths = ['390', '1024', '1440', 'wallboard'] as const
export type Width = (typeof widths)[number]

export const sizes: Readonly<Record<Width, { readonly width: number; readonly height: number }>> = {
  390: { width: 390, height: 844 },
  1024: { width: 1024, height: 768 },
  1440: { width: 1440, height: 900 },
  wallboard: { width: 1920, height: 1080 },
}
