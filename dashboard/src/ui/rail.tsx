import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { placeOf, placesOf } from '#dashboard/core/places.ts'
import type { Place } from '#dashboard/core/places.ts'
import { routeTo } from '#dashboard/core/route.ts'
import { Icon } from './icons.tsx'
import type { IconName } from './icons.tsx'
import { pages } from './pages.tsx'
import { useApp } from './state/app-state.ts'

const icons: Readonly<Record<Place['name'], IconName>> = {
  alarms: 'bell',
  pumps: 'drop',
  hubs: 'hub',
  plan: 'bag',
  handover: 'hand-over',
  history: 'history',
  simulator: 'flask',
  audit: 'ledger',
  people: 'user',
  registry: 'hub',
}

/** Where one can go: at the side, on a phone four tabs at the bottom. */
export const Rail = (): JSX.Element => {
  const app = useApp()
  const built = placesOf(app.me.value?.role ?? null).filter(({ name }) => pages[name] !== undefined)
  return (
    <nav class="rail" aria-label={app.words.mainNavigation}>
      {built.map((place) => (
        <PlaceLink key={place.name} place={place} class={`on-${place.phone}`} />
      ))}
      <More places={built.filter(({ phone }) => phone === 'more')} />
    </nav>
  )
}

const PlaceLink = ({
  place: { name },
  class: look,
  onGo,
}: {
  readonly place: Place
  readonly class: string
  readonly onGo?: () => void
}): JSX.Element => {
  const app = useApp()
  const here = placeOf(app.screen.value) === name
  return (
    <a
      href={routeTo({ name })}
      class={look}
      aria-current={here ? 'page' : undefined}
      onClick={() => onGo?.()}
      data-testid={`go-${name}`}
    >
      <Icon name={icons[name]} size={22} />
      <span>{app.words.screens[name]}</span>
    </a>
  )
}

/** On a phone alone: the places that have no tab. */
const More = ({ places }: { readonly places: readonly Place[] }): JSX.Element | null => {
  const app = useApp()
  const menu = useRef<HTMLDetailsElement>(null)
  if (places.length === 0) return null
  const close = (): void => void (menu.current !== null && (menu.current.open = false))
  const here = places.some(({ name }) => name === placeOf(app.screen.value))
  return (
    <details class="menu rail-more" ref={menu} onKeyDown={(event) => event.key === 'Escape' && close()}>
      <summary class={here ? 'here' : ''} data-testid="go-more">
        <Icon name="menu" size={22} />
        <span>{app.words.more}</span>
      </summary>
      <div class="menu-panel">
        {places.map((place) => (
          <PlaceLink key={place.name} place={place} class="row" onGo={close} />
        ))}
      </div>
    </details>
  )
}
