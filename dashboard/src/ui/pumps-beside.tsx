import { useComputed, useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import type { PumpId } from '#domain/ids.ts'
import { densityChoices, densityOf } from '#dashboard/core/density.ts'
import { Icon } from './icons.tsx'
import { lazyPage } from './lazy-page.tsx'
import { useApp } from './state/app-state.ts'

const FleetMap = lazyPage<{ readonly choose: (pumpId: PumpId) => void }>(
  async () => (await import('./fleet-map.tsx')).FleetMap,
)
const PumpTiles = lazyPage<{ readonly density: 'large' | 'compact' }>(
  async () => (await import('./pump-tiles.tsx')).PumpTiles,
)

/** All pumps beside the queue: tiles while there are few, else the map. On a narrow screen behind a button. */
export const PumpsBeside = ({ choose }: { readonly choose: (pumpId: PumpId) => void }): JSX.Element => {
  const app = useApp()
  const { words, live } = app
  const open = useSignal(false)
  const count = useComputed(() => live.fleet.value.ids.length)
  const toCome = live.pumpsToCome.value
  const density = densityOf(count.value, app.view.density.value)
  return (
    <section class={`pumps-column beside-${density}`} aria-labelledby="all-pumps" data-open={open.value}>
      <div class="pumps-head">
        <h2 id="all-pumps">{words.wall.allPumps(count.value, app.formats.value.count(count.value))}</h2>
        <button class="btn narrow-only" aria-expanded={open.value} onClick={() => (open.value = !open.value)}>
          {open.value ? words.fleet.hide : words.fleet.show}
        </button>
        <ViewMenu />
      </div>
      <div class="pumps-body">
        {/* Which of the two it is, is known with the fleet: thousands of tiles are never drawn on the way to the map. */}
        {count.value === 0 ? (
          <p class="hint">
            {toCome > 0 ? words.wall.pumpsToCome(app.formats.value.count(toCome)) : words.wall.noPumps}
          </p>
        ) : density === 'map' ? (
          <FleetMap choose={choose} />
        ) : (
          <PumpTiles density={density} />
        )}
      </div>
    </section>
  )
}

const ViewMenu = (): JSX.Element => {
  const { words, view } = useApp()
  const menu = useRef<HTMLDetailsElement>(null)
  const close = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || menu.current === null) return
    menu.current.open = false
    menu.current.querySelector('summary')?.focus()
  }
  return (
    <details class="menu view-menu" ref={menu} onKeyDown={close}>
      <summary class="btn quiet" data-testid="view-menu">
        {words.fleet.view}
        <Icon name="more" size={16} />
      </summary>
      <fieldset class="menu-panel choices">
        <legend class="sr">{words.fleet.view}</legend>
        {densityChoices.map((choice) => (
          <label key={choice}>
            <input
              type="radio"
              name="density"
              checked={view.density.value === choice}
              onChange={() => (view.density.value = choice)}
            />
            <span>{words.fleet.views[choice]}</span>
          </label>
        ))}
        <label>
          <input
            type="checkbox"
            checked={view.wallboard.value}
            onChange={() => (view.wallboard.value = !view.wallboard.value)}
          />
          <span>{words.fleet.wallboard}</span>
        </label>
      </fieldset>
    </details>
  )
}
