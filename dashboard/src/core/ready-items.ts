import type { DutyChoice, ReadyItem } from '#domain/on-call/readiness.ts'
import type { AwakeLook } from './awake-port.ts'

/** In the order in which they are shown. */
export const readyItemNames: readonly ReadyItem[] = ['sound', 'push', 'page', 'screen', 'browser']
export const dutyChoices: readonly DutyChoice[] = ['on-call', 'backup', 'looking']

/** `asking`: only the person can say. `failed` needs her reason. */
export type ItemState = 'ok' | 'waiting' | 'asking' | 'failed'

export interface ReadyFacts {
  readonly soundArmed: boolean
  /** Her word about the burst that was just played; null: not said yet. */
  readonly heard: boolean | null
  /** Devices that can be paged. */
  readonly devices: number
  /** How their test pages are getting on. */
  readonly tests: readonly ('waiting' | 'shown' | 'failed')[]
  /** Her word that she saw the test page. */
  readonly seen: boolean | null
  readonly awake: AwakeLook
  /** What this browser lacks. */
  readonly missing: readonly string[]
}

export type ReadyItems = Readonly<Record<ReadyItem, ItemState>>

const pushState = ({ devices, tests }: ReadyFacts): ItemState => {
  if (tests.includes('shown')) return 'ok'
  if (devices === 0) return 'failed'
  return tests.length === 0 || tests.includes('waiting') ? 'waiting' : 'failed'
}

const pageState = (push: ItemState, seen: boolean | null): ItemState => {
  if (seen !== null) return seen ? 'ok' : 'failed'
  return push === 'ok' ? 'asking' : push
}

export const readyItems = (facts: ReadyFacts): ReadyItems => {
  const push = pushState(facts)
  return {
    sound: !facts.soundArmed ? 'failed' : facts.heard === null ? 'asking' : facts.heard ? 'ok' : 'failed',
    push,
    page: pageState(push, facts.seen),
    screen: facts.awake === 'held' ? 'ok' : facts.awake === 'off' ? 'waiting' : 'failed',
    browser: facts.missing.length === 0 ? 'ok' : 'failed',
  }
}

/** A page that no push brought is the push's failure, not one of its own. */
export const needsReason = (items: ReadyItems, item: ReadyItem): boolean =>
  items[item] === 'failed' && !(item === 'page' && items.push === 'failed')
