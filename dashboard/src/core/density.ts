/** How the pumps stand beside the queue. */
export type Density = 'large' | 'compact' | 'map'
export type DensityChoice = 'auto' | Density

export const densityChoices: readonly DensityChoice[] = ['auto', 'large', 'compact', 'map']

const largeUpTo = 24
const compactUpTo = 200

/** Few pumps show their values; many show where to look. */
export const densityOf = (pumps: number, choice: DensityChoice): Density => {
  if (choice !== 'auto') return choice
  if (pumps <= largeUpTo) return 'large'
  return pumps <= compactUpTo ? 'compact' : 'map'
}
