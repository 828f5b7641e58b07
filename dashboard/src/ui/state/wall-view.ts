import { effect, signal } from '@preact/signals'
import type { Signal } from '@preact/signals'
import { densityChoices } from '#dashboard/core/density.ts'
import type { DensityChoice } from '#dashboard/core/density.ts'

const densityKey = 'density'
const wallboardKey = 'wallboard'

/** How this browser shows the wall; kept in it, since a wallboard and a desk differ. */
export interface WallView {
  readonly density: Signal<DensityChoice>
  readonly wallboard: Signal<boolean>
}

export const createWallView = (): WallView => {
  const stored = localStorage.getItem(densityKey)
  const density = signal(densityChoices.find((choice) => choice === stored) ?? 'auto')
  const wallboard = signal(localStorage.getItem(wallboardKey) === 'on')
  effect(() => localStorage.setItem(densityKey, density.value))
  effect(() => {
    localStorage.setItem(wallboardKey, wallboard.value ? 'on' : 'off')
    document.documentElement.toggleAttribute('data-wallboard', wallboard.value)
  })
  return { density, wallboard }
}
