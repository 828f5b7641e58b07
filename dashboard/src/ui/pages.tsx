import type { ComponentType, JSX } from 'preact'
import type { Screen } from '#dashboard/core/route.ts'
import { AlarmWall } from './alarm-wall.tsx'
import { lazyPage } from './lazy-page.tsx'
import { useApp } from './state/app-state.ts'

const PumpPage = lazyPage(async () => (await import('./pump-page.tsx')).PumpPage)

const ThisPump = (): JSX.Element | null => {
  const screen = useApp().screen.value
  return screen.name === 'pump' ? <PumpPage key={screen.pumpId} pumpId={screen.pumpId} /> : null
}

/** The screens there are. What stands here is in the rail, too (core/places.ts), for those who may see it. */
export const pages: Readonly<Partial<Record<Screen['name'], ComponentType>>> = {
  alarms: AlarmWall,
  pumps: lazyPage(async () => (await import('./pumps-page.tsx')).PumpsPage),
  pump: ThisPump,
  handover: lazyPage(async () => (await import('./hand-over-page.tsx')).HandOverPage),
  history: lazyPage(async () => (await import('./history-page.tsx')).HistoryPage),
  simulator: lazyPage(async () => (await import('./simulator-page.tsx')).SimulatorPage),
  audit: lazyPage(async () => (await import('./audit-page.tsx')).AuditPage),
  registry: lazyPage(async () => (await import('./registry-page.tsx')).RegistryPage),
  people: lazyPage(async () => (await import('./people-page.tsx')).PeoplePage),
  plan: lazyPage(async () => (await import('./plan-page.tsx')).PlanPage),
  hubs: lazyPage(async () => (await import('./hubs-page.tsx')).HubsPage),
}
