import type { ComponentChildren, JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { unownedUrgent, mostUrgent, groupOf } from '#dashboard/core/alarm-order.ts'
import { routeTo } from '#dashboard/core/route.ts'
import type { Screen } from '#dashboard/core/route.ts'
import { Banners } from './banners.tsx'
import { Icon } from './icons.tsx'
import type { IconName } from './icons.tsx'
import { NotLiveBand } from './not-live.tsx'
import { useApp } from './state/app-state.ts'
import { StatusBar } from './status-bar.tsx'

const places: readonly { readonly screen: Exclude<Screen, { name: 'pump' }>; readonly icon: IconName }[] = [
  { screen: { name: 'alarms' }, icon: 'bell' },
  { screen: { name: 'pumps' }, icon: 'drop' },
  { screen: { name: 'hubs' }, icon: 'hub' },
]

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
  const here = app.screen.value.name === 'pump' ? 'pumps' : app.screen.value.name
  return (
    <nav class="rail" aria-label={words.mainNavigation}>
      {places.map(({ screen, icon }) => (
        <a key={screen.name} href={routeTo(screen)} aria-current={here === screen.name ? 'page' : undefined}>
          <Icon name={icon} size={22} />
          <span>{words.screens[screen.name]}</span>
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
