import { layoutFaults, spaceText } from './layout-faults.ts'
import type { ScreenUnderTest } from './screen-under-test.ts'
import type { Stage } from './stage.ts'

// How somebody sees a screen who sees otherwise (dashboard.md 12), and what is then wrong with it.

interface Sight {
  readonly name: string
  readonly width: number
  readonly height: number
  /** As far apart as WCAG 1.4.12 lets a reader set letters, words and lines. */
  readonly spaced?: true
  readonly rtl?: true
  readonly wallboard?: true
  /** Least size of a control, px. */
  readonly targets?: number
}

/** 1,280 px at 400 % are 320; 256 px of height are what is left of 1,024. */
const sights: readonly Sight[] = [
  { name: 'wallboard', width: 1920, height: 1080, wallboard: true },
  { name: '1440 × 900', width: 1440, height: 900, targets: 36 },
  { name: '1440 × 900, spaced', width: 1440, height: 900, spaced: true },
  { name: '1440 × 900, from right to left', width: 1440, height: 900, rtl: true },
  { name: '1024 × 768', width: 1024, height: 768 },
  { name: '390 × 844', width: 390, height: 844, targets: 48 },
  { name: '390 × 844, spaced', width: 390, height: 844, spaced: true },
  { name: '390 × 844, from right to left', width: 390, height: 844, rtl: true },
  { name: '320 × 256', width: 320, height: 256 },
]

const isFor = (screen: ScreenUnderTest, { width, wallboard }: Sight): boolean => {
  if (wallboard === true) return screen.widths.includes('wallboard')
  return screen.widths.some((one) => (width <= 640 ? one === '390' : one === '1024' || one === '1440'))
}

/** Of the screen that the stage shows, with where it was seen. */
export const sightFaults = async (stage: Stage, screen: ScreenUnderTest): Promise<readonly string[]> => {
  const found: string[] = []
  for (const sight of sights.filter((one) => isFor(screen, one))) {
    await stage.dress(sight.wallboard === true ? 'wallboard' : '1440', 'light')
    await stage.page.setViewportSize(sight)
    await spaceText(stage.page, sight.spaced === true)
    if (sight.rtl === true) await turn(stage, 'rtl')
    found.push(...(await layoutFaults(stage.page, sight.targets)).map((fault) => `${sight.name}: ${fault}`))
    if (sight.rtl === true) await turn(stage, 'ltr')
  }
  await spaceText(stage.page, false)
  return found
}

/** The words stay English; those of the pseudo-locale come with its own address. */
const turn = async ({ page }: Stage, dir: 'ltr' | 'rtl'): Promise<void> => {
  await page.evaluate(`document.documentElement.dir = '${dir}', null`)
}
