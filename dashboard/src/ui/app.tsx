import type { JSX } from 'preact'
import { AlarmWall } from './alarm-wall.tsx'
import { Announcer } from './announcer.tsx'
import { NoView } from './no-view.tsx'
import { CutOff, NotMonitoring } from './not-live.tsx'
import { pages } from './pages.tsx'
import { Shell } from './shell.tsx'
import { SignIn } from './sign-in.tsx'
import { useApp } from './state/app-state.ts'

export const App = (): JSX.Element => {
  const app = useApp()
  switch (app.session.value.step) {
    case 'asking':
      return <main class="sign-in" aria-busy="true" />
    case 'cut-off':
      return <CutOff />
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
  const Page = pages[useApp().screen.value.name] ?? AlarmWall
  return <Page />
}
