import type { JSX } from 'preact'
import { invitationIn } from '#dashboard/core/route.ts'
import { AlarmWall } from './alarm-wall.tsx'
import { Announcer } from './announcer.tsx'
import { CutOff, NotMonitoring } from './not-live.tsx'
import { HighSheet } from './high-sheet.tsx'
import { lazyPage } from './lazy-page.tsx'
import type { OpenDialog } from './open-dialog.ts'
import { pages } from './pages.tsx'
import { Shell } from './shell.tsx'
import { SignIn } from './sign-in.tsx'
import { useApp } from './state/app-state.ts'

const StepUpDialog = lazyPage(async () => (await import('./step-up-dialog.tsx')).StepUpDialog, { quiet: true })
const AlarmDialog = lazyPage<{ readonly dialog: OpenDialog; readonly close: () => void }>(
  async () => (await import('./alarm-dialog.tsx')).AlarmDialog,
)
const InvitedPage = lazyPage(async () => (await import('./invited-page.tsx')).InvitedPage)
const SecondStep = lazyPage(async () => (await import('./second-step.tsx')).SecondStep)
const AdminShell = lazyPage(async () => (await import('./admin-shell.tsx')).AdminShell)

export const App = (): JSX.Element => {
  const app = useApp()
  switch (app.session.value.step) {
    case 'asking':
      return <main class="sign-in" aria-busy="true" />
    case 'cut-off':
      return <CutOff />
    case 'signed-out':
    case 'signing-in': {
      const token = app.screen.value.name === 'alarms' ? invitationIn(location.hash) : null
      return token === null ? <SignIn /> : <InvitedPage token={token} />
    }
    case 'half':
      return <SecondStep />
    case 'over':
      return <NotMonitoring />
    case 'signed-in':
      return (
        <>
          {app.mayWatch.value ? <WatchingShell /> : <AdminShell />}
          {app.stepUp.asked.value && <StepUpDialog />}
        </>
      )
  }
}

const WatchingShell = (): JSX.Element => {
  const { queue } = useApp()
  return (
    <>
      <Announcer />
      <Shell>
        <CurrentScreen />
      </Shell>
      <HighSheet />
      {queue.dialog.value !== null && (
        <AlarmDialog dialog={queue.dialog.value} close={() => (queue.dialog.value = null)} />
      )}
    </>
  )
}

const CurrentScreen = (): JSX.Element => {
  const Page = pages[useApp().screen.value.name] ?? AlarmWall
  return <Page />
}
