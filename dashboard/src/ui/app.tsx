import type { JSX } from 'preact'
import { AlarmWall } from './alarm-wall.tsx'
import { Announcer } from './announcer.tsx'
import { HubsPage } from './hubs-page.tsx'
import { NoView } from './no-view.tsx'
import { NotMonitoring } from './not-live.tsx'
import { PumpPage } from './pump-page.tsx'
import { PumpsPage } from './pumps-page.tsx'
import { Shell } from './shell.tsx'
import { SignIn } from './sign-in.tsx'
import { useApp } from './state/app-state.ts'

export const App = (): JSX.Element => {
  const app = useApp()
  switch (app.session.value.step) {
    case 'asking':
      return <main class="sign-in" aria-busy="true" />
    case 'signed-out':
    case 'signing-in':
      return <SignIn />
    case 'over':
      return <NotMonitoring />
    case 'signed-in':
      if (!app.mayWatch.value) return <NoView />
      return (
        <>
          <Announcer />
          <Shell>
            <CurrentScreen />
          </Shell>
        </>
      )
  }
}

const CurrentScreen = (): JSX.Element => {
  const screen = useApp().screen.value
  switch (screen.name) {
    case 'alarms':
      return <AlarmWall />
    case 'pumps':
      return <PumpsPage />
    case 'pump':
      return <PumpPage key={screen.pumpId} pumpId={screen.pumpId} />
    case 'hubs':
      return <HubsPage />
  }
}
