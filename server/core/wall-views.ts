import type { Clock } from '#domain/time.ts'
import type { LivePicture } from './live-picture.ts'
import type { Sight } from './sight.ts'
import { WallView } from './wall-view.ts'

/** So long a view goes on without anybody: who comes back after a short drop gets what was missed. */
const idleAfterMs = 600_000

export interface WallViewsDependencies {
  readonly picture: LivePicture
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
}

/** One view for all who see the same. */
export class WallViews {
  readonly #deps: WallViewsDependencies
  readonly #views = new Map<string, { readonly view: WallView; usedMs: number }>()
  #made = 0

  constructor(deps: WallViewsDependencies) {
    this.#deps = deps
  }

  /** For somebody who follows it from now on. */
  for(sight: Sight): WallView {
    const { picture, clock } = this.#deps
    const known = this.#views.get(sight.key)
    if (known !== undefined) {
      known.usedMs = clock.monotonic()
      return known.view
    }
    this.#made += 1
    const view = new WallView({ picture, sight, epoch: `${picture.at().epoch}/${this.#made}`, clock })
    this.#views.set(sight.key, { view, usedMs: clock.monotonic() })
    return view
  }

  all(): readonly WallView[] {
    return [...this.#views.values()].map(({ view }) => view)
  }

  /** Forgets what nobody has followed for long. */
  keep(followed: ReadonlySet<WallView>): void {
    const now = this.#deps.clock.monotonic()
    for (const [key, known] of this.#views)
      if (followed.has(known.view)) known.usedMs = now
      else if (now - known.usedMs > idleAfterMs) this.#views.delete(key)
  }
}
