import { palettes } from '../accessibility/formats.ts'
import type { Palette, Width } from '../accessibility/formats.ts'
import type { State } from '../accessibility/pictures.ts'

/** One picture: a screen of the accessibility matrix as somebody sees it. */
export interface Look {
  readonly name: string
  readonly screen: 'wall' | 'pump'
  readonly state: State
  readonly width: Width
  readonly palette: Palette
}

const shown = [
  ['wall-empty', 'wall', 'empty', '1440'],
  ['wall-normal', 'wall', 'normal', '1440'],
  ['wall-flood', 'wall', 'flood', '1440'],
  ['wall-not-live', 'wall', 'not-live', '1440'],
  ['pump', 'pump', 'normal', '1440'],
  ['wall-phone', 'wall', 'normal', '390'],
] as const

export const looks: readonly Look[] = shown.flatMap(([name, screen, state, width]) =>
  palettes.map((palette) => ({ name: `${name}-${palette}`, screen, state, width, palette })),
)
