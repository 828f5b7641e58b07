import type { ComponentChildren, JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { unownedUrgent, mostUrgent, groupOf } from '#dashboard/core/alarm-order.ts'
import { placeOf, placesOf } from '#dashboard/core/places.ts'
import type { Place } from '#dashboard/core/places.ts'
import { routeTo } from '#dashboard/core/route.ts'
import { Banners } from './banners.tsx'
import { Icon } from './icons.tsx'
import type { IconName } from './icons.tsx'
import { NotLiveBand } from './not-live.tsx'
import { pages } from './pages.tsx'
import { useApp } from './state/app-state.ts'
import { StatusBar } from './status-bar.tsx'

const icons: Readonly<Record<Place['name'], IconName>> = {
  alarms: 'bell',
  pumps: 'drop',
  hubs: 'hub',
  handover: 'hand-over',
  history: 'history',
  simulator: 'flask',
}

/** Rail (tabs on a phone), status bar, banners; the screen itself is the child. */
export const Shell = ({ children }: { readonly children: ComponentChildren }): JSX.Element => {
  const app = useApp()
  const { words } = app
  usePageMarks()
  return (
    <div class={`shell ${app.live.frozen.value ? 'frozen' : ''}`} data-live={app.live.link.value}>
      <a class="skip" href="#content" onClick={(event) => skip(event)}>
        {words.skipToContent}
      </a>
      <Rail />
      <div class="page">
        <NotLiveBand />
        <Banners />
        <StatusBar />
        <main id="content" class="content" tabIndex={-1}>
          {children}
        </main>
        <footer class="statement">{words.notMedicalDevice}</footer>
      </div>
    </div>
  )
}

// The address after `#` is the screen's, so the link moves the focus itself.
const skip = (event: Event): void => {
  event.preventDefault()
  document.getElementById('content')?.focus()
}

const Rail = (): JSX.Element => {
  const app = useApp()
  const { words } = app
  const here = placeOf(app.screen.value)
  const built = placesOf(app.me.value?.role ?? null).filter(({ name }) => pages[name] !== undefined)
  return (
    <nav class="rail" aria-label={words.mainNavigation}>
      {built.map(({ name }) => (
        <a key={name} href={routeTo({ name })} aria-current={here === name ? 'page' : undefined}>
          <Icon name={icons[name]} size={22} />
          <span>{words.screens[name]}</span>
        </a>
      ))}
    </nav>
  )
}

/** Title and favicon: a count and a shape, never a patient's label. */
const usePageMarks = (): void => {
  const app = useApp()
  const { words } = app
  const alarms = [...app.live.alarms.value.values()]
  const urgent = mostUrgent(alarms.filter((alarm) => groupOf(alarm) === 'unowned'))
  const screen = app.screen.value
  const name = screen.name === 'pump' ? words.pump.byLabel(screen.pumpId) : words.screens[screen.name]
  const title = words.title(unownedUrgent(alarms), name, app.me.value?.site ?? words.product)
  const icon = urgent === null || urgent.priority === 'info' ? 'quiet' : urgent.priority
  useEffect(() => {
    document.title = title
  }, [title])
  useEffect(() => {
    document.getElementById('icon')?.setAttribute('href', `/icon-${icon}.svg`)
  }, [icon])
}
